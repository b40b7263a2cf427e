"""What loyalty shows on the customer page."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel.time import clock
from customers.orders.models import Order
from customers.orders.sockets import OrderPanel
from customers.profiles.models import Customer
from customers.workspace.sockets import CustomerPanel
from loyalty.points import selectors as points
from loyalty.tiers import selectors as tiers


def loyalty_panel_context(customer: Customer, user: Any) -> dict[str, Any] | None:
    """Points, what expires next, tier with progress; nothing for who is no member. Five queries."""
    now = clock.now()
    balance = points.points_balances([customer.pk], now).get(customer.pk)
    if balance is None:
        return None
    return {"balance": balance, "standing": tiers.get_tier_standing(customer.pk, now), "customer": customer}


LOYALTY_PANEL = CustomerPanel(
    "loyalty",
    gettext_lazy("Loyalty"),
    "loyalty/account/panel.html",
    loyalty_panel_context,
    place="left",
    order=10,
    permission="loyalty.view",
)


def order_points_context(order: Order, user: Any) -> dict[str, Any] | None:
    """What the order did to the account, with the reason of each entry; nothing where it did nothing. One query."""
    entries = points.order_entries(order)
    return {"entries": entries, "sum": sum(entry.points for entry in entries)} if entries else None


ORDER_POINTS_PANEL = OrderPanel(
    "points",
    gettext_lazy("Points"),
    "loyalty/account/order_panel.html",
    order_points_context,
    permission="loyalty.view",
)
