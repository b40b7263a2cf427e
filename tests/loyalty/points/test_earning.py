from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from loyalty.points import earning
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot


@pytest.mark.rule("LO-11")
def test_order_earns_one_point_per_unit_rounded_down(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()

    make_order(customer, "268.90")

    assert balance(customer).available == 268


@pytest.mark.rule("LO-3")
def test_the_same_order_again_earns_nothing_more(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "100", number="A-1")

    make_order(customer, "100", number="A-1", placed_at=order.placed_at)
    earning.earn_points_for_orders(orders=[order], multipliers={})

    assert balance(customer).posted == 100
    assert LedgerEntry.objects.count() == 1


def test_foreign_currency_earns_by_the_stored_rate(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    from customers.orders.models import ExchangeRate

    ExchangeRate.objects.create(currency="USD", day="2020-01-01", rate=Decimal("7.1"))
    customer = make_customer()

    make_order(customer, "10", currency="USD")

    assert balance(customer).available == 71


@pytest.mark.rule("LO-12")
def test_points_are_pending_in_the_return_window(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any, at: Any
) -> None:
    change_rule(pending_days=14)
    customer = make_customer()

    order = make_order(customer, "100")

    now = balance(customer)
    later = balance(customer, order.placed_at + timedelta(days=14))
    assert (now.available, now.pending) == (0, 100)
    assert (later.available, later.pending) == (100, 0)


@pytest.mark.rule("LO-20")
def test_points_last_to_the_end_of_the_month_a_year_later(
    programme: EarningRule, make_customer: Any, make_order: Any, at: Any
) -> None:
    at("2026-03-31T23:30:00+08:00")

    make_order(make_customer(), "10")

    assert PointsLot.objects.get().expires_at == datetime.fromisoformat("2027-04-01T00:00:00+08:00")
