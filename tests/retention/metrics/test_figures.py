"""Retention by identity, purchases, cohorts, kept figures: against worked examples and a naive count."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.time.periods import Period
from customers.orders import services as orders
from customers.orders.models import Order
from retention.metrics import cohorts, figure_cache, metric_customers, selectors, windows
from retention.metrics.rules import CustomerBridge, PurchaseFigures

NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)
COUNTS = st.integers(0, 10_000)


@pytest.mark.rule("RM-2")
@pytest.mark.rule("S1")
@pytest.mark.parametrize(
    ("bridge", "retention", "active_end"),
    [
        (CustomerBridge(100, 75, 15, 0), "0.75", 90),
        (CustomerBridge(10, 8, 0, 0), "0.8", 8),
        (CustomerBridge(1000, 850, 330, 20), "0.85", 1200),
        (CustomerBridge(100, 80, 40, 0), "0.8", 120),
        (CustomerBridge(0, 0, 5, 0), None, 5),
    ],
)
def test_worked_examples_of_retention(bridge, retention, active_end):
    assert bridge.retention == (None if retention is None else Decimal(retention))
    assert bridge.active_end == active_end


@pytest.mark.rule("RM-2")
@pytest.mark.rule("S3")
@given(retained=COUNTS, lost=COUNTS, new=COUNTS, back=COUNTS)
def test_bridge_always_adds_up(retained, lost, new, back):
    bridge = CustomerBridge(retained + lost, retained, new, back)

    assert bridge.active_start - bridge.lost + bridge.new + bridge.won_back == bridge.active_end
    if bridge.retention is not None:
        assert bridge.retention + bridge.churn == 1
        assert bridge.retention <= 1
        assert bridge.retention == Decimal(bridge.active_end - new - back) / bridge.active_start


@pytest.mark.rule("RM-3")
@pytest.mark.rule("S10")
def test_worked_example_of_repeat_purchase():
    bought = PurchaseFigures(buyers=10, repeat_buyers=3, orders=14, revenue=Decimal(700), refunds=Decimal(50))

    assert (bought.repeat_rate, bought.frequency, bought.net_revenue) == (Decimal("0.3"), Decimal("1.4"), Decimal(650))


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


def naive(window):
    """The definition, told once more without SQL."""
    at = window.instants
    bought: dict[int, list[datetime]] = {}
    for order in Order.objects.exclude(status="cancelled"):
        bought.setdefault(order.customer_id, []).append(order.placed_at)
    start = {c for c, times in bought.items() if any(at["s0"] <= t < at["s"] for t in times)}
    end = {c for c, times in bought.items() if any(at["e0"] <= t < at["e"] for t in times)}
    return {
        "active_start": start,
        "active_end": end,
        "retained": start & end,
        "lost": start - end,
        "new": {c for c in end - start if min(bought[c]) >= at["s"]},
        "won_back": {c for c in end - start if min(bought[c]) < at["s"]},
        "buyers": {c for c, times in bought.items() if any(at["s"] <= t < at["e"] for t in times)},
        "repeat_buyers": {c for c, times in bought.items() if sum(at["s"] <= t < at["e"] for t in times) > 1},
    }


@pytest.mark.rule("RM-7")
@pytest.mark.rule("S2")
@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2025-01-01", "2026-01-01", 365), ("2025-06-01", "2025-07-01", 90), ("2024-02-29", "2025-03-01", 30)],
)
def test_numbers_are_the_lists_behind_them_and_the_naive_count(history, start, end, days):
    window = windows.metric_window(Period(date.fromisoformat(start), date.fromisoformat(end)), days)

    found = selectors.metrics_report(window)

    expected = naive(window)
    for name, ids in expected.items():
        assert set(metric_customers.CUSTOMERS_BY_GROUP[name](window).values_list("pk", flat=True)) == ids, name
    assert (
        found["S"],
        found["E"],
        found["retained"],
        found["lost"],
        found["new"],
        found["won_back"],
        found["buyers"],
    ) == tuple(
        len(expected[name]) for name in ("active_start", "active_end", "retained", "lost", "new", "won_back", "buyers")
    )


@pytest.mark.rule("RM-8")
def test_kept_figure_is_counted_again_only_when_an_order_reaches_into_it(
    history, make_customer, make_order, monkeypatch
):
    window = windows.metric_window(Period(date(2025, 1, 1), date(2025, 7, 1)))
    before = selectors.window_figures(window)
    counted = []
    count = windows.count_window
    monkeypatch.setattr(windows, "count_window", lambda *args: counted.append(1) or count(*args))

    make_order(make_customer(), placed_at=NOON)
    same = selectors.window_figures(window)
    make_order(make_customer(), "12.5", placed_at=datetime(2025, 3, 1, tzinfo=UTC))
    after = selectors.window_figures(window)

    assert same == before
    assert len(counted) == 1
    assert after.purchases.revenue == before.purchases.revenue + Decimal("12.5")
    assert after.bridge.new == before.bridge.new + 1


@pytest.mark.rule("RM-8")
def test_event_that_commits_late_below_the_mark_is_noticed(history):
    window = windows.metric_window(Period(date(2025, 1, 1), date(2025, 7, 1)))
    selectors.window_figures(window)
    cell = figure_cache.MetricCell.objects.get()

    figure_cache.MetricCell.objects.update(events_below=cell.events_below - 1)

    assert figure_cache._valid_cells(list(figure_cache.MetricCell.objects.all())) == []


@pytest.mark.rule("RM-6")
def test_cohort_cells_are_the_lists_behind_them(history):
    zone = "Asia/Shanghai"

    table = selectors.fetch_figure(selectors.cohorts_query(date(2025, 12, 1), months=37))

    assert sum(cohort.size for cohort in table) > 10
    for cohort in table:
        assert cohorts.cohort_customers(cohort.month, zone).count() == cohort.size
        for months, people_back in cohort.returned.items():
            assert cohorts.returning_cohort_customers(cohort.month, months, zone).count() == people_back


@pytest.mark.rule("RM-2")
def test_command_prints_the_dashboard_figures_and_refuses_a_backward_window(history):
    out = StringIO()
    call_command("metrics", "--start", "2025-01-01", "--end", "2026-01-01", "--json", stdout=out)
    refused = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("metrics", "--start", "2026-01-01", "--end", "2025-01-01", "--json", stdout=refused)

    window = windows.metric_window(Period(date(2025, 1, 1), date(2026, 1, 1)))
    assert json.loads(out.getvalue()) == selectors.metrics_report(window)
    assert stop.value.code == 1
    assert "end" in json.loads(refused.getvalue())["detail"]


@pytest.mark.django_db
def test_window_without_customers_has_no_rates():
    found = selectors.metrics_report(windows.metric_window(Period(date(2025, 1, 1), date(2025, 2, 1))))

    assert (found["S"], found["retention"], found["churn"], found["repeat_purchase_rate"]) == (0, None, None, None)
    assert found["net_revenue"] == "0.0000"
