"""The customers behind a number, against the number and a naive count."""

from datetime import date, datetime

import pytest

from crm.kernel.time.periods import Period
from customers.orders.models import Order
from retention.metrics import metric_customers, selectors, windows


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
