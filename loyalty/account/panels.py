"""What loyalty shows on the customer page."""

from typing import Any

from crm.kernel import clock
from customers.profiles.models import Customer
from loyalty.points import selectors as points
from loyalty.tiers import selectors as tiers


def loyalty_panel(customer: Customer, user: Any) -> dict[str, Any] | None:
    """Points, what expires next, tier with progress; nothing for who is no member. Five queries."""
    now = clock.now()
    balance = points.balances([customer.pk], now).get(customer.pk)
    if balance is None:
        return None
    return {"balance": balance, "standing": tiers.get_standing(customer.pk, now), "customer": customer}
