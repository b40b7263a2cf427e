"""Many windows at month ends in one pass: each customer becomes a bit per month's first day on which he was active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.kernel import company
from crm.kernel.time import periods
from crm.kernel.time.periods import Period
from retention.metrics.queries import TREND_SQL
from retention.metrics.windows import MetricWindow

# A bigint holds so many month firsts.
MAX_MONTHS = 60


@dataclass(frozen=True)
class TrendPoint:
    """Retention of one window: how many were active at its start, stayed, and were active at its end."""

    active_start: int
    retained: int
    active_end: int

    @property
    def lost(self) -> int:
        return self.active_start - self.retained


def windows_up_to(last: date, months: int, count: int, active_days: int | None = None) -> list[MetricWindow]:
    """`count` windows of `months` months whose ends are month firsts, the last one `last` (itself a first)."""
    this_company = company.get_company()
    ends = [periods.add_months(last, -back) for back in range(count - 1, -1, -1)]
    days = active_days or this_company.active_days
    return [MetricWindow(periods.add_months(end, -months), end, days, this_company.time_zone) for end in ends]


def count_trend(trend_windows: Sequence[MetricWindow]) -> list[TrendPoint]:
    """Points of windows that begin and end on month firsts and share one definition; one statement over the orders."""
    first, zone, days = (
        min(window.start for window in trend_windows),
        trend_windows[0].zone,
        trend_windows[0].active_days,
    )
    last = max(window.end for window in trend_windows)
    base = _month_number(first)
    if _month_number(last) - base >= MAX_MONTHS:
        raise ValueError(f"more than {MAX_MONTHS} months at once")
    run_up = MetricWindow(first, last, days, zone).instants
    with connection.cursor() as cursor:
        cursor.execute(
            TREND_SQL,
            {
                "zone": zone,
                "days": days,
                "base": base,
                "last": _month_number(last) - base,
                "since": run_up["s0"],
                "until": run_up["e"],
                "starts": [_month_number(window.start) - base for window in trend_windows],
                "ends": [_month_number(window.end) - base for window in trend_windows],
            },
        )
        rows = {place: TrendPoint(start, both, end) for place, start, both, end in cursor.fetchall()}
    return [rows.get(place, TrendPoint(0, 0, 0)) for place in range(1, len(trend_windows) + 1)]


def whole_months(period: Period) -> int:
    """The length of a period in whole months, at least one."""
    return max(1, min(24, round(period.days / 30.44)))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month
