"""What tickets plug into the customer page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.profiles.models import Customer
from customers.workspace.sockets import CustomerPanel
from feedback.tickets import selectors

TICKETS_ON_PANEL = 5


def tickets_panel_context(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The customer's tickets, unsolved ones first; one query."""
    return {"tickets": list(selectors.customer_tickets(customer.pk, user)[:TICKETS_ON_PANEL])}


TICKETS_PANEL = CustomerPanel(
    "tickets",
    _("Tickets"),
    "feedback/tickets/panel.html",
    tickets_panel_context,
    place="right",
    order=30,
    permission="tickets.view",
)
