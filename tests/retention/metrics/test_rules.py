"""The definitions of retention and purchases, against worked examples."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.metrics.rules import CustomerBridge, PurchaseFigures

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


@pytest.mark.rule("S10")
def test_worked_example_of_repeat_purchase():
    bought = PurchaseFigures(buyers=10, repeat_buyers=3, orders=14, revenue=Decimal(700), refunds=Decimal(50))

    assert (bought.repeat_rate, bought.frequency, bought.net_revenue) == (Decimal("0.3"), Decimal("1.4"), Decimal(650))
