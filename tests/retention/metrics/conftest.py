"""A history of purchases that crosses every bound of a window."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from customers.orders import services as orders

NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)


@pytest.fixture
def history(make_customer, make_order):
    """Thirty customers with random orders over three years, some cancelled, some refunded."""
    chance = random.Random(7)
    for person in range(30):
        customer = make_customer(f"Customer {person}")
        for _order in range(chance.randrange(0, 7)):
            order = make_order(
                customer, chance.randrange(1, 500), placed_at=NOON - timedelta(hours=chance.randrange(0, 3 * 365 * 24))
            )
            if chance.random() < 0.1:
                orders.cancel_order(order=order, at=NOON)
            elif chance.random() < 0.2:
                orders.record_refund(
                    order=order, source_ref="R", amount=Decimal("0.5"), at=order.placed_at + timedelta(days=40)
                )
