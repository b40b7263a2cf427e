"""What tickets plug into the places of lower apps: panel, page of the day, palette, timeline, fact, audit log."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.kernel.audit import labels
from crm.kernel.auth.models import User
from crm.kernel.ops.doctor import examination
from crm.kernel.ui import notifications
from customers.profiles import timeline
from customers.profiles.facts import FactDisplay, FactFormat
from customers.profiles.models import Customer, TimelineEntry
from customers.profiles.timeline import TimelineKind
from customers.workspace.sockets import CustomerPanel, PaletteFinder, PaletteHit, TodayTile
from feedback.tickets import emails, selectors
from feedback.tickets.installation_checks import check_replies

TICKETS_ON_PANEL = 5

# Panel of the customer page


def tickets_panel_context(customer: Customer, user: User) -> dict[str, Any]:
    """The customer's tickets, unsolved ones first; one query."""
    return {"tickets": list(selectors.customer_tickets(customer.pk, user)[:TICKETS_ON_PANEL])}


TICKETS_PANEL = CustomerPanel(
    "tickets",
    gettext_lazy("Tickets"),
    "feedback/tickets/panel.html",
    tickets_panel_context,
    place="right",
    order=30,
    permission="tickets.view",
)


# Tiles of the page of the day


def _my_open_count(user: User) -> int:
    return selectors.view_counts(user)["mine"]


def _unread_count(user: User) -> int:
    return selectors.view_counts(user)["unread"]


def _unassigned_count(user: User) -> int:
    return selectors.view_counts(user)["unassigned"]


def _view_url(key: str) -> Callable[[], str]:
    return lambda: f"{reverse('feedback:ticket_list')}?view={key}"


MY_TICKETS_TILE = TodayTile(
    "tickets", gettext_lazy("My open tickets"), "inbox", _my_open_count, _view_url("mine"), "tickets.view"
)
UNREAD_TICKETS_TILE = TodayTile(
    "unread_tickets",
    gettext_lazy("New messages in my tickets"),
    "envelope-exclamation",
    _unread_count,
    _view_url("unread"),
    "tickets.view",
)
UNASSIGNED_TICKETS_TILE = TodayTile(
    "unassigned",
    gettext_lazy("Unassigned tickets"),
    "inboxes",
    _unassigned_count,
    _view_url("unassigned"),
    "tickets.view",
)


@notifications.register_notification("ticket_message", "envelope-exclamation")
def ticket_message_sentence(data: dict[str, Any]) -> str:
    """A customer wrote, says the assignee's bell."""
    return _("%(person)s wrote: %(number)s %(subject)s") % data


# Palette


def _find_tickets(query: str, user: User) -> list[PaletteHit]:
    return [
        PaletteHit(
            f"#{ticket.number} {ticket.subject}",
            ticket.customer.display_name if ticket.customer else ticket.contact_name,
            reverse("feedback:ticket", args=[ticket.public_id]),
            "inbox",
        )
        for ticket in selectors.tickets_matching(query, user)
    ]


TICKET_FINDER = PaletteFinder("tickets", gettext_lazy("Tickets"), _find_tickets, "tickets.view")


# Timeline


def _ticket_url(entry: TimelineEntry) -> str:
    try:
        return reverse("feedback:ticket", args=[entry.object_id])
    except NoReverseMatch:
        return ""


def _opened_text(data: dict[str, Any]) -> str:
    return _("Request %(number)s: %(subject)s") % data


def _replied_text(data: dict[str, Any]) -> str:
    return _("Answered request %(number)s") % data


def _solved_text(data: dict[str, Any]) -> str:
    return _("Request %(number)s solved") % data


def _reopened_text(data: dict[str, Any]) -> str:
    return _("Request %(number)s open again") % data


timeline.timeline_groups["tickets"] = gettext_lazy("Tickets")
for _kind, _icon, _text in (
    ("ticket_opened", "inbox", _opened_text),
    ("ticket_replied", "reply", _replied_text),
    ("ticket_solved", "check2-circle", _solved_text),
    ("ticket_reopened", "arrow-counterclockwise", _reopened_text),
):
    timeline.register_timeline_kind(_kind, TimelineKind(_icon, _text, "tickets", url=_ticket_url))


# Fact: how many tickets are not solved


def _show_open_tickets(value: str, number: Decimal | None) -> FactDisplay:
    n = int(number or 0)
    if not n:
        return FactDisplay("")
    return FactDisplay(ngettext("%(n)s open ticket", "%(n)s open tickets", n) % {"n": n}, "badge", "warn")


OPEN_TICKETS_FACT = FactFormat(gettext_lazy("Open tickets"), _show_open_tickets)


# Message templates and audit log

emails.declare_ticket_mails()
labels.action_labels.update(
    {
        "ticket.opened": gettext_lazy("Ticket opened"),
        "ticket.state": gettext_lazy("State of a ticket changed"),
        "ticket.assigned": gettext_lazy("Ticket assigned"),
        "ticket.priority": gettext_lazy("Priority of a ticket changed"),
        "ticket.resent": gettext_lazy("Reply of a ticket sent again"),
        "ticket.customer": gettext_lazy("Customer of a ticket set"),
    }
)
examination.register_database_check(check_replies)
labels.object_labels["feedback.ticket"] = gettext_lazy("Ticket")
