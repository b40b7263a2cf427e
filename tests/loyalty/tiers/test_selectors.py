from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule
from loyalty.tiers import selectors


@pytest.mark.rule("LO-31")
def test_refunds_lower_the_metric_and_spending_points_does_not(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "2500")
    spend(customer, 2000)
    before = selectors.get_tier_standing(customer.pk, clock.now())

    orders.record_refund(order=order, source_ref="R", amount=Decimal(1000), at=clock.now())
    after = selectors.get_tier_standing(customer.pk, clock.now())

    assert before is not None
    assert after is not None
    assert (before.spend, after.spend, after.tier.code) == (2500, 1500, "silver")


@pytest.mark.rule("LO-32")
def test_progress_names_amount_and_day(programme: EarningRule, make_customer: Any, make_order: Any, at: Any) -> None:
    at("2026-03-15T10:00:00+08:00")
    customer = make_customer()
    make_order(customer, "1680")

    found = selectors.get_tier_standing(customer.pk, clock.now())

    assert found is not None
    assert found.next is not None
    assert (found.next.code, found.missing, found.until) == ("silver", 320, date(2027, 3, 15))
