from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Product
from loyalty.points import earning, explanations, selectors
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot


def line(total: int, sku: str = "TEA-1") -> orders.IncomingOrderLine:
    return orders.IncomingOrderLine(sku, unit_price=Decimal(total))


@pytest.mark.rule("LO-11")
def test_order_earns_one_point_per_unit_rounded_down(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()

    make_order(customer, "268.90")

    assert balance(customer).available == 268


@pytest.mark.rule("LO-11")
def test_gift_card_reward_and_shipping_earn_nothing(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    Product.objects.create(sku="GIFT", name="Gift card", is_gift_card=True, created_at=clock.now())

    make_order(customer, lines=(line(100), line(50, "GIFT")), reward_discount=Decimal(20), shipping_total=Decimal(10))

    assert balance(customer).available == 80


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


@pytest.mark.rule("LO-10")
def test_an_order_keeps_the_rule_version_of_its_day(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    first = make_order(customer, "100", number="A-1")
    change_rule(points=Decimal(3))

    make_order(customer, "10", number="A-2")
    make_order(customer, "110", number="A-1", placed_at=first.placed_at)

    assert balance(customer).posted == 110 + 30
    assert list(EarningRule.objects.order_by("version").values_list("version", "points")) == [
        (1, Decimal(1)),
        (2, Decimal(3)),
    ]


def test_history_earns_only_when_asked(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    quiet, ticked = make_customer("A"), make_customer("B")
    now = clock.now()
    data = [
        orders.IncomingOrder("old", f"N-{c.pk}", c.pk, now - timedelta(days=40), "CNY", [line(100)])
        for c in (quiet, ticked)
    ]

    orders.record_orders(orders=data[:1], at=now, live=False)
    orders.record_orders(orders=data[1:], at=now, live=False, earn=True)

    assert (balance(quiet).posted, balance(ticked).posted) == (0, 100)


def test_many_orders_cost_as_many_queries_as_one(
    programme: EarningRule, make_customer: Any, django_assert_max_num_queries: Any, balance: Any
) -> None:
    customers = [make_customer(f"C{number}") for number in range(30)]
    now = clock.now()
    data = [orders.IncomingOrder("shop", f"N-{c.pk}", c.pk, now, "CNY", [line(10)]) for c in customers]

    with django_assert_max_num_queries(55):
        orders.record_orders(orders=data, at=now)

    assert [balance(c).available for c in customers] == [10] * 30


@pytest.mark.rule("LO-4")
def test_an_entry_explains_itself(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "300.50", reward_discount=Decimal(20), shipping_total=Decimal(10), number="HK-1")
    entry = selectors.ledger_history(LedgerEntry.objects.get().account.customer_id).get()

    assert explanations.explain_entry(entry) == (
        "¥280.50 counts, 1 point for each 1 by version 1 of the rule; 280.5 rounded down. "
        "Left out: reward discounts ¥20.00; shipping ¥10.00."
    )


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
