"""A window counted from the raw rows: what was bought and given back in it, and what customers were worth at its end."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from crm.kernel.time.periods import Period
from customers.orders import services as orders
from retention.metrics import metric_customers, selectors, windows
from retention.metrics.rules import PurchaseFigures


def at_noon(day):
    return datetime.fromisoformat(f"{day}T04:00Z")


@pytest.fixture
def bought(make_order):
    """An order of a customer on a day, for an amount."""
    return lambda customer, day, amount: make_order(customer, amount, placed_at=at_noon(day))


@pytest.fixture
def refund(db):
    """Money given back for an order on a day."""

    def make(order, day, amount):
        orders.record_refund(order=order, source_ref=day, amount=Decimal(amount), at=at_noon(day))

    return make


@pytest.fixture
def year_2025():
    return windows.metric_window(Period(date(2025, 1, 1), date(2026, 1, 1)))


def test_purchases_of_a_window_by_hand(make_customer, bought, refund, year_2025):
    once, twice, often, before = (make_customer(name) for name in ("once", "twice", "often", "before"))
    bought(once, "2025-03-01", 100)
    refunded = bought(twice, "2025-01-01", 50)
    bought(twice, "2025-12-31", 70)
    for day in ("2025-02-01", "2025-05-01", "2025-08-01"):
        bought(often, day, 20)
    late = bought(before, "2024-12-31", 400)
    bought(before, "2026-01-01", 500)
    refund(refunded, "2025-02-01", 15)
    refund(late, "2025-06-01", 30)  # given in the window, for an order before it
    refund(refunded, "2026-01-01", 5)  # given after it

    purchases = windows.count_window(year_2025).purchases

    assert purchases == PurchaseFigures(buyers=3, repeat_buyers=2, orders=6, revenue=Decimal(280), refunds=Decimal(45))
    assert (round(purchases.repeat_rate, 4), purchases.frequency) == (Decimal("0.6667"), 2)
    assert purchases.net_revenue == 235
    assert selectors.metrics_report(year_2025)["net_revenue"] == "235.0000"


@pytest.mark.rule("CU-11")
def test_order_counts_in_its_window_when_it_is_paid_and_its_currency_has_a_rate(make_customer, make_order, year_2025):
    unpaid = make_order(make_customer("unpaid"), "100", placed_at=at_noon("2025-03-01"), status="placed", number="U")
    make_order(make_customer("no rate"), "10000", placed_at=at_noon("2025-04-01"), currency="JPY")

    before = selectors.metrics_report(year_2025)
    lists_before = [query(year_2025).count() for query in metric_customers.CUSTOMERS_BY_GROUP.values()]
    make_order(unpaid.customer, "100", placed_at=at_noon("2025-03-01"), status="paid", number="U")
    after = selectors.metrics_report(year_2025)

    assert (before["E"], before["buyers"], before["net_revenue"], set(lists_before)) == (0, 0, "0.0000", {0})
    assert (after["E"], after["new"], after["buyers"], after["net_revenue"]) == (1, 1, 1, "100.0000")


def test_lifetime_value_of_each_group_is_that_of_its_own_instant(make_customer, bought, refund, year_2025):
    stays, leaves, comes = (make_customer(name) for name in ("stays", "leaves", "comes"))
    bought(stays, "2024-03-01", 100)
    order = bought(leaves, "2024-06-01", 50)
    refund(order, "2024-07-01", 10)
    refund(order, "2025-07-01", 20)
    bought(stays, "2025-04-01", 20)
    bought(comes, "2025-05-01", 60)
    bought(comes, "2026-02-01", 900)
    year_2024 = windows.metric_window(Period(date(2024, 1, 1), date(2025, 1, 1)))

    now, before = selectors.fetch_figures(
        selectors.lifetime_value_query(year_2025), selectors.lifetime_value_query(year_2024)
    )

    # 2024: (100 + 50 − 10) / 2; 2025: (100 + 20 + 60) / 2. Who left is worth nothing to 2025, and their refund neither.
    assert (before.value, now.value) == ((70, 2), (90, 2))


def test_lifetime_value_of_a_past_year_is_kept_until_an_order_reaches_into_it(make_customer, bought, refund, year_2025):
    customer = make_customer()
    order = bought(customer, "2025-03-01", 100)
    value = lambda: selectors.fetch_figure(selectors.lifetime_value_query(year_2025))  # noqa: E731

    first = value()
    bought(customer, "2026-02-01", 900)
    same = value()
    refund(order, "2025-04-01", 40)
    corrected = value()

    assert (first, same, corrected) == ((100, 1), (100, 1), (60, 1))
