import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.tiers import selectors
from loyalty.tiers.models import TierGrant


def tier_of(customer: Any) -> str:
    return selectors.current_grants([customer.pk])[customer.pk].tier.code


@pytest.mark.rule("LO-31")
def test_orders_of_one_batch_count_one_after_the_other(programme: EarningRule, make_customer: Any) -> None:
    customer = make_customer()
    now = clock.now()
    batch = [
        orders.IncomingOrder(
            "shop",
            f"N-{n}",
            customer.pk,
            now - timedelta(minutes=9 - n),
            "CNY",
            [orders.IncomingOrderLine("TEA", unit_price=Decimal(total))],
        )
        for n, total in enumerate((2000, 100, 4000, 100))
    ]

    orders.record_orders(orders=batch, at=now)

    earned = LedgerEntry.objects.order_by("at").values_list("points", flat=True)
    assert list(earned) == [2000, 120, 4800, 150]
    assert tier_of(customer) == "gold"


@pytest.mark.rule("LO-31")
@pytest.mark.parametrize("seed", range(4))
def test_a_batch_earns_and_lifts_like_its_orders_one_by_one(
    programme: EarningRule, make_customer: Any, seed: int
) -> None:
    dice, now = random.Random(seed), clock.now()
    drawn = [(dice.randrange(3), dice.randrange(2, 800), dice.randrange(50, 2500)) for _order in range(24)]

    def record(source: str, *, together: bool) -> list[tuple[Any, ...]]:
        people = [make_customer() for _each in range(3)]
        batch = sorted(
            (
                orders.IncomingOrder(
                    source, str(n), people[who].pk, now - timedelta(days=days), "CNY",
                    [orders.IncomingOrderLine("TEA", unit_price=Decimal(total))],
                )
                for n, (who, days, total) in enumerate(drawn)
            ),
            key=lambda order: order.placed_at,
        )  # fmt: skip
        for some in [batch] if together else [[order] for order in batch]:
            orders.record_orders(orders=some, at=now)
        earned = LedgerEntry.objects.filter(order__source=source).order_by("order__number")
        grants = TierGrant.objects.filter(customer__in=people).order_by("customer_id", "id")
        return [
            *earned.values_list("order__number", "points"),
            *((people.index(grant.customer), grant.tier.code, grant.metric) for grant in grants),
        ]

    assert record("batch", together=True) == record("single", together=False)
