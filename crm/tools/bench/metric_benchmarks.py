"""Figures of retention: kept ones against the one row they stand in, counted anew against the bare statements, and who lapsed."""

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection

from crm.kernel import company
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import Period
from crm.tools.bench.aims import at_most_times
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.timing import OURS, WorkBenchmark
from crm.tools.bench.turn_rollback import TurnRollback
from retention.care import due_candidates, zone_days
from retention.care.models import CareProgram
from retention.care.triggers.base import PlanningHorizon
from retention.care.triggers.lapsed import LapsedSettings
from retention.metrics import cohorts, figure_cache, selectors, trend, windows

MONTHS, YEAR = 36, 12
CACHED_FIGURES_SQL = "SELECT figures::text FROM retention_metriccell WHERE key = %s"
NEWEST_KEY_SQL = "SELECT key FROM retention_metriccell WHERE key LIKE %s ORDER BY computed_at DESC, id DESC LIMIT 1"
ORDER_EVENT_SQL = """
INSERT INTO kernel_event (name, ids, live, data, at, created_at)
VALUES ('order_recorded', '[]', true, jsonb_build_object('earliest', %(earliest)s::text), %(now)s, %(now)s)
"""
LAPSED_SQL = """
SELECT s.customer_id FROM customers_customersummary s JOIN customers_customer c ON c.id = s.customer_id
WHERE s.last_order_at >= %s AND s.last_order_at < %s AND c.merged_into_id IS NULL AND c.archived_at IS NULL
ORDER BY s.customer_id
"""


def cached_cohorts_benchmark(today: date) -> WorkBenchmark:
    """The table of 36 months of cohorts from its cell; bare: the row that it stands in."""

    def ours() -> tuple[int, int]:
        found = selectors.fetch_figure(selectors.cohorts_query(today, MONTHS))
        return sum(each.size for each in found), sum(sum(each.returned.values()) for each in found)

    ours()
    key = fetch_rows(NEWEST_KEY_SQL, ["cohorts:%"])[0][0]

    def bare() -> tuple[int, int]:
        found = json.loads(fetch_rows(CACHED_FIGURES_SQL, [key])[0][0])
        return sum(size for _month, size, _back in found), sum(sum(back.values()) for _month, _size, back in found)

    return _cached_benchmark("cohorts, 36 months kept", ours, bare, key)


def cached_trend_benchmark(today: date) -> WorkBenchmark:
    """Retention at the last 36 month firsts from its cell; bare: the row that it stands in."""
    wanted = _trend_windows(today)

    def ours() -> list[list[int]]:
        return [
            [point.active_start, point.retained, point.active_end]
            for point in selectors.fetch_figure(selectors.trend_query(wanted))
        ]

    ours()
    key = fetch_rows(NEWEST_KEY_SQL, ["trend:%"])[0][0]
    return _cached_benchmark(
        "trend, 36 months kept", ours, lambda: json.loads(fetch_rows(CACHED_FIGURES_SQL, [key])[0][0]), key
    )


def _cached_benchmark(name: str, ours: Any, bare: Any, key: str) -> WorkBenchmark:
    limit = "one-row SQL"
    return WorkBenchmark(
        name,
        ours,
        bare,
        rounds=25,
        limit=limit,
        aims={limit: at_most_times(3)},
        plan=CACHED_FIGURES_SQL,
        given=[key],
        growth=1.25,
    )


def rebuild_benchmark(today: date) -> WorkBenchmark:
    """Trend, cohorts and the current window of 36 months, forgotten and counted anew; bare: the three statements."""
    limit = "bare statements"
    undoing = TurnRollback("retention_metriccell")
    return WorkBenchmark(
        "36 months anew",
        lambda: _recount_figures(today),
        lambda: _sum_bare_figures(today),
        rounds=5,
        limit=limit,
        aims={limit: at_most_times(1.3)},
        around=undoing.around,
        prepare=lambda side: undoing.begin(),
    )


def refresh_benchmark(today: date) -> WorkBenchmark:
    """The same figures after a day's orders have come in, against counting all of them anew."""
    limit = "all anew"
    undoing = TurnRollback("retention_metriccell", "kernel_event")
    earliest = periods.local_midnight(today, company.get_company().time_zone)

    def prepare(side: str) -> None:
        undoing.begin()
        if side == OURS:
            _recount_figures(today)
            with connection.cursor() as cursor:
                cursor.execute(ORDER_EVENT_SQL, {"earliest": earliest.isoformat(), "now": clock.now()})

    return WorkBenchmark(
        "36 months, a day later",
        lambda: _sum_figures(today),
        lambda: _recount_figures(today),
        rounds=5,
        limit=limit,
        aims={limit: at_most_times(0.05)},
        around=undoing.around,
        prepare=prepare,
    )


def lapsed_benchmark() -> WorkBenchmark:
    """Who bought last 90 to 120 days ago, as care selects them, with the order that they lapsed from."""
    program = CareProgram.objects.get(key="lapsed-buyer")
    settings, now, zone = LapsedSettings(), clock.now(), company.get_company().time_zone
    days = zone_days.local_days_by_zone(zone, now, now, settings.opens_at, settings.closes_at).days[0]
    since = days.unclosed - timedelta(days=settings.lapse_days + settings.within_days)
    until = days.opened - timedelta(days=settings.lapse_days - 1)
    bounds = [periods.local_midnight(since, zone), periods.local_midnight(until, zone)]
    limit = "bare SQL"
    return WorkBenchmark(
        "lapsed 90–120 days",
        lambda: [each.customer_id for each in due_candidates.due_candidates(program, PlanningHorizon(now, now))],
        lambda: [customer for (customer,) in fetch_rows(LAPSED_SQL, bounds)],
        rounds=9,
        limit=limit,
        aims={limit: at_most_times(1.5)},
        plan=LAPSED_SQL,
        given=bounds,
    )


def _trend_windows(today: date) -> list[windows.MetricWindow]:
    return trend.windows_up_to(periods.first_of_month(today), YEAR, MONTHS)


def _current_window(today: date) -> windows.MetricWindow:
    return windows.metric_window(Period(today - timedelta(days=365), today + timedelta(days=1)))


def _recount_figures(today: date) -> tuple[int, ...]:
    figure_cache.clear_figures()
    return _sum_figures(today)


def _sum_figures(today: date) -> tuple[int, ...]:
    """The sums of all that is counted: trend, cohorts, bridge."""
    points = selectors.fetch_figure(selectors.trend_query(_trend_windows(today)))
    table = selectors.fetch_figure(selectors.cohorts_query(today, MONTHS))
    bridge = selectors.window_figures(_current_window(today)).bridge
    return (
        sum(point.active_start + point.retained + point.active_end for point in points),
        sum(each.size + sum(each.returned.values()) for each in table),
        bridge.active_start + bridge.retained + bridge.new + bridge.won_back,
    )


def _sum_bare_figures(today: date) -> tuple[int, ...]:
    """The statements themselves, with nothing kept."""
    newest = periods.first_of_month(today)
    zone = company.get_company().time_zone
    points = trend.count_trend(_trend_windows(today))
    table = cohorts.cohort_table(periods.add_months(newest, 1 - MONTHS), newest, zone)
    bridge = fetch_rows(windows.WINDOW_FIGURES_SQL.format(restriction=""), _current_window(today).instants)[0][:4]
    return (
        sum(point.active_start + point.retained + point.active_end for point in points),
        sum(each.size + sum(each.returned.values()) for each in table),
        sum(bridge),
    )
