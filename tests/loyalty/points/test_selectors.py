from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points import selectors
from loyalty.points.models import EarningRule


@pytest.mark.rule("LO-22")
def test_expiring_sums_what_the_ledger_holds_per_day(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Callable[..., Any], at: Any
) -> None:
    at("2026-01-10T10:00:00+08:00")
    customer, other = make_customer("A"), make_customer("B")
    make_order(customer, "100")
    make_order(customer, "50")
    make_order(other, "70")
    at("2026-03-10T10:00:00+08:00")
    make_order(customer, "500")
    spend(customer, 30)
    now = clock.now()
    day = datetime(2027, 1, 31).date()

    found = selectors.expiring_points(day, at=now)

    assert [(row.customer_id, row.points, row.day) for row in found] == [(customer.pk, 120, day), (other.pk, 70, day)]
    assert [row.customer_id for row in selectors.expiring_points(day, [other.pk], at=now)] == [other.pk]
    assert selectors.expiring_points(day - timedelta(days=1), at=now) == []
    assert selectors.get_points_balance(customer.pk, now).next_points == 120
