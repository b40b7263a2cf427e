"""Tickets, their messages and views, for the workspace, the palette, the portal and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth import permissions as rights
from crm.kernel.auth.models import User
from customers.profiles import facts
from feedback.tickets.choices import EXTERNAL_CHANNELS, MessageKind, TicketState
from feedback.tickets.models import Message, Ticket, TicketEvent, TicketQuerySet
from feedback.tickets.rules import UNSOLVED

LONGEST_NUMBER, SHORTEST_TEXT, MATCHES_AT_MOST = 18, 2, 5
RECEIPTS_PER_DAY = 3
DAY = timedelta(days=1)


@dataclass(frozen=True)
class TicketView:
    """One of the views at the left: which tickets, in which order."""

    key: str
    label: Any
    icon: str
    sort: str = "waiting"


TICKET_VIEWS = (
    TicketView("mine", _("Mine"), "person"),
    TicketView("unread", _("New messages"), "envelope-exclamation"),
    TicketView("unassigned", _("Unassigned"), "people"),
    TicketView("open", _("All open"), "inbox"),
    TicketView("pending", _("Pending"), "hourglass"),
    TicketView("solved", _("Solved"), "check2-circle", "solved"),
)


def get_ticket_view(key: str) -> TicketView:
    """The view of a key; an unknown one is *all open*."""
    views = {view.key: view for view in TICKET_VIEWS}
    return views.get(key, views["open"])


def tickets_in_view(key: str, user: User) -> QuerySet[Ticket]:
    """The tickets of a view that a user may see, with what a row shows: of tiers only those above the first."""
    rows = Ticket.objects.visible_to(user).select_related("customer", "assignee")
    rows = rows.annotate(fact_list=facts.facts_subquery("customer_id", "tier", above=1))
    return rows.filter(_view_condition(get_ticket_view(key).key, user))


def tickets_matching(text: str, user: User) -> list[Ticket]:
    """The ticket of a number, with or without its #, or the newest five unsolved ones whose subject holds the text. One query."""
    visible, number = Ticket.objects.visible_to(user).select_related("customer"), text.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        return list(visible.filter(number=int(number)))
    if len(text) < SHORTEST_TEXT:
        return []
    return list(
        visible.unsolved().filter(subject__icontains=text).order_by("-last_message_at", "-id")[:MATCHES_AT_MOST]
    )


def view_counts(user: User) -> dict[str, int]:
    """How many tickets each view of open ones holds; one query."""
    keys = [view.key for view in TICKET_VIEWS if view.key != "solved"]
    columns = {key: Count("pk", filter=_view_condition(key, user)) for key in keys}
    return Ticket.objects.visible_to(user).unsolved().aggregate(**columns)


def _view_condition(key: str, user: User) -> Q:
    unsolved = Q(state__in=UNSOLVED)
    if key == "mine":
        return unsolved & Q(assignee=user)
    if key == "unread":
        return unsolved & Q(assignee=user, unread_at__isnull=False)
    if key == "unassigned":
        return unsolved & Q(assignee=None)
    if key == "pending":
        return Q(state=TicketState.PENDING)
    return Q(state__in=[TicketState.SOLVED, TicketState.CLOSED]) if key == "solved" else unsolved


@dataclass(frozen=True)
class ConversationEntry:
    """One line of a conversation: a message, or a change of the ticket."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None


def ticket_conversation(ticket: Ticket) -> list[ConversationEntry]:
    """Every message and every change, in order of time. Two queries."""
    messages = ticket.messages.select_related("user").order_by("pk")
    ticket_events = ticket.events.select_related("user").order_by("pk")
    entries = [ConversationEntry(message.at, message=message) for message in messages]
    entries += [ConversationEntry(event.at, event=event) for event in ticket_events]
    return sorted(entries, key=lambda entry: (entry.at, entry.event is not None))


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """The messages that the customer may see, oldest first. One query."""
    return ticket.messages.filter(kind=MessageKind.PUBLIC).select_related("user").order_by("pk")


def find_message(ticket: Ticket, public_id: str) -> Message | None:
    """One message of a ticket, or None. One query."""
    return ticket.messages.select_related("ticket").filter(public_id=public_id).first()


def earlier_message_ids(message: Message) -> list[str]:
    """Message-IDs of the mails in the same ticket before a message, oldest first. One query."""
    before = Message.objects.filter(ticket=message.ticket_id, pk__lt=message.pk, message_id__startswith="<")
    return list(before.order_by("pk").values_list("message_id", flat=True))


def may_be_acknowledged(ticket: Ticket, address: str, at: datetime) -> bool:
    """True where fewer than three requests of this customer or address came before it in a day. One query."""
    same_sender = Q(contact_email__lower=address.lower())
    if ticket.customer_id:
        same_sender |= Q(customer=ticket.customer_id)
    recent = Ticket.objects.filter(same_sender, opened_at__gt=at - DAY, channel__in=EXTERNAL_CHANNELS)
    return recent.filter(pk__lt=ticket.pk).count() < RECEIPTS_PER_DAY


def last_public_message_id(entries: list[ConversationEntry]) -> int:
    """The last public message that a page shows; a reply sends it back, so that a newer one is noticed (FT-8)."""
    public = (entry.message.pk for entry in entries if entry.message and not entry.message.is_note)
    return max(public, default=0)


def customer_tickets(customer: int, user: User, without: Ticket | None = None) -> QuerySet[Ticket]:
    """Tickets of a customer (by id) that a user may see: unsolved ones first, then the last solved. One query."""
    rows = Ticket.objects.visible_to(user).filter(customer=customer)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return rows.order_by(F("solved_at").desc(nulls_first=True), "-opened_at")


def tickets_with_relations() -> TicketQuerySet:
    """Tickets with customer, assignee and team at hand."""
    return Ticket.objects.select_related("customer", "assignee", "team")


def ticket_agents() -> QuerySet[User]:
    """Staff who may work on tickets."""
    roles = [role for role, held in rights.PERMISSIONS_BY_ROLE.items() if "tickets.work" in held]
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "email")


def find_ticket(public_id: str) -> Ticket | None:
    """One ticket with customer, assignee and team. One query."""
    return tickets_with_relations().filter(public_id=public_id).first()


def find_ticket_with_messages(public_id: str) -> Ticket | None:
    """One ticket with all its messages, notes too, oldest first. Two queries."""
    messages = Prefetch("messages", Message.objects.select_related("ticket").order_by("pk"))
    return tickets_with_relations().prefetch_related(messages).filter(public_id=public_id).first()
