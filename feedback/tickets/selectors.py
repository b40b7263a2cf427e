"""Reads of the ticket workspace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth import permissions as rights
from crm.kernel.auth.models import User
from customers.profiles import facts
from feedback.tickets.choices import MessageKind, State
from feedback.tickets.models import Message, Ticket, TicketEvent, TicketQuerySet

COUNT_TO = 999
LONGEST_NUMBER, FEWEST_SIGNS, FOUND = 18, 2, 5


@dataclass(frozen=True)
class View:
    """One of the views at the left: which tickets, in which order."""

    key: str
    label: Any
    icon: str
    sort: str = "waiting"


VIEWS = (
    View("mine", _("Mine"), "person"),
    View("unassigned", _("Unassigned"), "people"),
    View("open", _("All open"), "inbox"),
    View("pending", _("Pending"), "hourglass"),
    View("solved", _("Solved"), "check2-circle", "solved"),
)


def view(key: str) -> View:
    """The view of a key; an unknown one is *all open*."""
    return next((each for each in VIEWS if each.key == key), VIEWS[2])


def of_view(key: str, user: Any) -> QuerySet[Ticket]:
    """The tickets of a view that a person may see, with what a row shows: of tiers only those above the first."""
    rows = Ticket.objects.visible_to(user).select_related("customer", "assignee")
    rows = rows.annotate(fact_list=facts.beside("customer_id", "tier", above=1))
    return rows.filter(_condition(view(key).key, user))


def called(words: str, user: Any) -> list[Ticket]:
    """The ticket of a number, with or without its #, or the newest unsolved ones whose subject holds the words."""
    visible, number = Ticket.objects.visible_to(user).select_related("customer"), words.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        return list(visible.filter(number=int(number)))
    if len(words) < FEWEST_SIGNS:
        return []
    return list(visible.unsolved().filter(subject__icontains=words).order_by("-last_message_at", "-id")[:FOUND])


def counts(user: Any) -> dict[str, int]:
    """How many tickets each view of open ones holds; one query."""
    keys = [each.key for each in VIEWS if each.key != "solved"]
    columns = {key: Count("pk", filter=_condition(key, user)) for key in keys}
    return Ticket.objects.visible_to(user).unsolved().aggregate(**columns)


def _condition(key: str, user: Any) -> Q:
    waiting = Q(state__in=[State.NEW, State.OPEN, State.ON_HOLD, State.PENDING])
    if key == "mine":
        return waiting & Q(assignee=user)
    if key == "unassigned":
        return waiting & Q(assignee=None)
    if key == "pending":
        return Q(state=State.PENDING)
    return Q(state__in=[State.SOLVED, State.CLOSED]) if key == "solved" else waiting


@dataclass(frozen=True)
class Entry:
    """One line of a conversation: a message, or a move of the ticket."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None


def conversation(ticket: Ticket) -> list[Entry]:
    """Everything that was said and every move, in order. Two queries."""
    said = ticket.messages.select_related("user").order_by("pk")
    moved = ticket.events.select_related("user").order_by("pk")
    entries = [Entry(message.at, message=message) for message in said]
    entries += [Entry(event.at, event=event) for event in moved]
    return sorted(entries, key=lambda entry: (entry.at, entry.event is not None))


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """What the customer may see of a ticket."""
    return ticket.messages.filter(kind=MessageKind.PUBLIC).select_related("user").order_by("pk")


def last_seen(entries: list[Entry]) -> int:
    """The last public message that a page shows; a reply says it back (FT-8)."""
    public = (entry.message.pk for entry in entries if entry.message and not entry.message.is_note)
    return max(public, default=0)


def of_customer(customer: Any, user: Any, without: Ticket | None = None) -> QuerySet[Ticket]:
    """A customer's tickets, unsolved ones first."""
    rows = Ticket.objects.visible_to(user).filter(customer=customer)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return rows.order_by("solved_at", "-opened_at")


def with_people() -> TicketQuerySet:
    """Tickets with customer, assignee and team at hand."""
    return Ticket.objects.select_related("customer", "assignee", "team")


def agents() -> QuerySet[User]:
    """Staff who may work on tickets."""
    roles = [role for role, held in rights.PERMISSIONS.items() if "tickets.work" in held]
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "email")


def by_public_id(public_id: str) -> Ticket | None:
    """One ticket with its people."""
    return Ticket.objects.select_related("customer", "assignee", "team").filter(public_id=public_id).first()
