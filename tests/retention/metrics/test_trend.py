"""Many windows at once: each point is the count of its window."""

from datetime import date

import pytest

from crm.kernel.time.periods import Period
from retention.metrics import trend, windows


@pytest.mark.rule("RM-2")
def test_trend_in_one_statement_is_the_count_of_each_window(history):
    trend_windows = trend.windows_up_to(date(2026, 1, 1), 3, 24)

    points = trend.count_trend(trend_windows)

    for window, point in zip(trend_windows, points, strict=True):
        bridge = windows.count_window(window).bridge
        assert (point.active_start, point.retained, point.active_end) == (
            bridge.active_start,
            bridge.retained,
            bridge.active_end,
        )


@pytest.mark.rule("RM-2")
def test_window_with_nobody_is_a_point_of_zeros(db):
    points = trend.count_trend(trend.windows_up_to(date(2026, 1, 1), 12, 2))

    assert points == [trend.TrendPoint(0, 0, 0)] * 2


def test_more_months_than_a_mask_holds_are_refused(db):
    with pytest.raises(ValueError, match="60 months"):
        trend.count_trend(trend.windows_up_to(date(2026, 1, 1), 12, 50))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2025-01-01", "2026-01-01", 12), ("2026-01-01", "2026-01-08", 1), ("2026-01-01", "2026-04-01", 3)],
)
def test_length_of_a_period_is_a_whole_number_of_months(start, end, months):
    assert trend.whole_months(Period(date.fromisoformat(start), date.fromisoformat(end))) == months
