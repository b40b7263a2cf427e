"""How the fact of tickets looks elsewhere, how many wait on the page of the day, and how the palette finds one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from customers.profiles.facts import FactDisplay, FactFormat
from customers.workspace.sockets import PaletteFinder, PaletteHit, TodayTile
from feedback.tickets import selectors


def _show_open_tickets(value: str, number: Decimal | None) -> FactDisplay:
    n = int(number or 0)
    if not n:
        return FactDisplay("")
    return FactDisplay(ngettext("%(n)s open ticket", "%(n)s open tickets", n) % {"n": n}, "badge", "warn")


def _my_open_count(user: Any) -> int:
    return selectors.view_counts(user)["mine"]


def _unassigned_count(user: Any) -> int:
    return selectors.view_counts(user)["unassigned"]


def _view_url(key: str) -> Callable[[], str]:
    return lambda: f"{reverse('feedback:ticket_list')}?view={key}"


OPEN_TICKETS_FACT = FactFormat(gettext_lazy("Open tickets"), _show_open_tickets)
MY_TICKETS_TILE = TodayTile(
    "tickets", gettext_lazy("My open tickets"), "inbox", _my_open_count, _view_url("mine"), "tickets.view"
)
UNASSIGNED_TICKETS_TILE = TodayTile(
    "unassigned",
    gettext_lazy("Unassigned tickets"),
    "inboxes",
    _unassigned_count,
    _view_url("unassigned"),
    "tickets.view",
)


def _find_tickets(query: str, user: Any) -> list[PaletteHit]:
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
