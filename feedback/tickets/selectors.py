"""Reads of the ticket workspace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth import permissions as rights
from crm.kernel.auth.models import User
from customers.profiles import facts
from feedback.tickets.choices import MessageKind, TicketState
from feedback.tickets.models import Message, Ticket, TicketEvent, TicketQuerySet

HIGHEST_COUNT = 999
LONGEST_NUMBER, FEWEST_SIGNS, FOUND_AT_MOST = 18, 2, 5


@dataclass(frozen=True)
class TicketView:
    """One of the views at the left: which tickets, in which order."""

    key: str
    label: Any
    icon: str
    sort: str = "waiting"


TICKET_VIEWS = (
    TicketView("mine", _("Mine"), "person"),
    TicketView("unassigned", _("Unassigned"), "people"),
    TicketView("open", _("All open"), "inbox"),
    TicketView("pending", _("Pending"), "hourglass"),
    TicketView("solved", _("Solved"), "check2-circle", "solved"),
)


def get_ticket_view(key: str) -> TicketView:
    """The view of a key; an unknown one is *all open*."""
    return next((each for each in TICKET_VIEWS if each.key == key), TICKET_VIEWS[2])


def tickets_in_view(key: str, user: Any) -> QuerySet[Ticket]:
    """The tickets of a view that a person may see, with what a row shows: of tiers only those above the first."""
    rows = Ticket.objects.visible_to(user).select_related("customer", "assignee")
    rows = rows.annotate(fact_list=facts.facts_subquery("customer_id", "tier", above=1))
    return rows.filter(_view_condition(get_ticket_view(key).key, user))


def tickets_matching(words: str, user: Any) -> list[Ticket]:
    """The ticket of a number, with or without its #, or the newest unsolved ones whose subject holds the words."""
    visible, number = Ticket.objects.visible_to(user).select_related("customer"), words.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        return list(visible.filter(number=int(number)))
    if len(words) < FEWEST_SIGNS:
        return []
    return list(visible.unsolved().filter(subject__icontains=words).order_by("-last_message_at", "-id")[:FOUND_AT_MOST])


def view_counts(user: Any) -> dict[str, int]:
    """How many tickets each view of open ones holds; one query."""
    keys = [each.key for each in TICKET_VIEWS if each.key != "solved"]
    columns = {key: Count("pk", filter=_view_condition(key, user)) for key in keys}
    return Ticket.objects.visible_to(user).unsolved().aggregate(**columns)


def _view_condition(key: str, user: Any) -> Q:
    waiting = Q(state__in=[TicketState.NEW, TicketState.OPEN, TicketState.ON_HOLD, TicketState.PENDING])
    if key == "mine":
        return waiting & Q(assignee=user)
    if key == "unassigned":
        return waiting & Q(assignee=None)
    if key == "pending":
        return Q(state=TicketState.PENDING)
    return Q(state__in=[TicketState.SOLVED, TicketState.CLOSED]) if key == "solved" else waiting


@dataclass(frozen=True)
class ConversationEntry:
    """One line of a conversation: a message, or a move of the ticket."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None


def ticket_conversation(ticket: Ticket) -> list[ConversationEntry]:
    """Everything that was said and every move, in order. Two queries."""
    said = ticket.messages.select_related("user").order_by("pk")
    moved = ticket.events.select_related("user").order_by("pk")
    entries = [ConversationEntry(message.at, message=message) for message in said]
    entries += [ConversationEntry(event.at, event=event) for event in moved]
    return sorted(entries, key=lambda entry: (entry.at, entry.event is not None))


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """What the customer may see of a ticket."""
    return ticket.messages.filter(kind=MessageKind.PUBLIC).select_related("user").order_by("pk")


def last_public_message_id(entries: list[ConversationEntry]) -> int:
    """The last public message that a page shows; a reply says it back (FT-8)."""
    public = (entry.message.pk for entry in entries if entry.message and not entry.message.is_note)
    return max(public, default=0)


def customer_tickets(customer: Any, user: Any, without: Ticket | None = None) -> QuerySet[Ticket]:
    """A customer's tickets, unsolved ones first."""
    rows = Ticket.objects.visible_to(user).filter(customer=customer)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return rows.order_by("solved_at", "-opened_at")


def tickets_with_relations() -> TicketQuerySet:
    """Tickets with customer, assignee and team at hand."""
    return Ticket.objects.select_related("customer", "assignee", "team")


def ticket_agents() -> QuerySet[User]:
    """Staff who may work on tickets."""
    roles = [role for role, held in rights.PERMISSIONS_BY_ROLE.items() if "tickets.work" in held]
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "email")


def find_ticket(public_id: str) -> Ticket | None:
    """One ticket with its people."""
    return Ticket.objects.select_related("customer", "assignee", "team").filter(public_id=public_id).first()
