"""What loyalty shows on the customer page."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel.time import clock
from customers.orders.models import Order
from customers.orders.sockets import OrderPanel
from customers.profiles.models import Customer
from customers.workspace.sockets import Panel
from loyalty.points import selectors as points
from loyalty.tiers import selectors as tiers


def loyalty_of_customer(customer: Customer, user: Any) -> dict[str, Any] | None:
    """Points, what expires next, tier with progress; nothing for who is no member. Five queries."""
    now = clock.now()
    balance = points.balances([customer.pk], now).get(customer.pk)
    if balance is None:
        return None
    return {"balance": balance, "standing": tiers.get_standing(customer.pk, now), "customer": customer}


PANEL = Panel(
    "loyalty",
    gettext_lazy("Loyalty"),
    "loyalty/account/panel.html",
    loyalty_of_customer,
    place="left",
    order=10,
    permission="loyalty.view",
)


def points_of_order(order: Order, user: Any) -> dict[str, Any] | None:
    """What the order did to the account, with the reason of each entry; nothing where it did nothing. One query."""
    entries = points.of_order(order)
    return {"entries": entries, "sum": sum(entry.points for entry in entries)} if entries else None


ORDER_PANEL = OrderPanel(
    "points", gettext_lazy("Points"), "loyalty/account/order_panel.html", points_of_order, permission="loyalty.view"
)
