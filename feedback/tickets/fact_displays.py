"""How the fact of tickets looks elsewhere, how many wait on the page of the day, and how the palette finds one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from customers.profiles.facts import Look, Shown
from customers.workspace.sockets import Finder, Hit, Tile
from feedback.tickets import selectors


def _open(value: str, number: Decimal | None) -> Shown:
    n = int(number or 0)
    if not n:
        return Shown("")
    return Shown(ngettext("%(n)s open ticket", "%(n)s open tickets", n) % {"n": n}, "badge", "warn")


def _mine(user: Any) -> int:
    return selectors.counts(user)["mine"]


def _unassigned(user: Any) -> int:
    return selectors.counts(user)["unassigned"]


def _view(key: str) -> Callable[[], str]:
    return lambda: f"{reverse('feedback:ticket_list')}?view={key}"


OPEN_TICKETS = Look(_open)
MINE = Tile("tickets", gettext_lazy("My open tickets"), "inbox", _mine, _view("mine"), "tickets.view")
UNASSIGNED = Tile(
    "unassigned", gettext_lazy("Unassigned tickets"), "inboxes", _unassigned, _view("unassigned"), "tickets.view"
)


def _found(query: str, user: Any) -> list[Hit]:
    return [
        Hit(
            f"#{ticket.number} {ticket.subject}",
            ticket.customer.display_name if ticket.customer else ticket.contact_name,
            reverse("feedback:ticket", args=[ticket.public_id]),
            "inbox",
        )
        for ticket in selectors.called(query, user)
    ]


FINDER = Finder("tickets", gettext_lazy("Tickets"), _found, "tickets.view")
