"""What tickets plug into the customer page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.profiles.models import Customer
from customers.workspace.sockets import Panel
from feedback.tickets import selectors

SHOWN = 5


def tickets(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The customer's tickets, unsolved ones first; one query."""
    return {"tickets": list(selectors.of_customer(customer.pk, user)[:SHOWN])}


PANEL = Panel(
    "tickets", _("Tickets"), "feedback/tickets/panel.html", tickets, place="right", order=30, permission="tickets.view"
)
