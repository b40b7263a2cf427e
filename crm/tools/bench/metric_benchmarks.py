"""Figures of retention: kept ones against the one row they stand in, counted anew against the bare statements, and who lapsed."""

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection

from crm.kernel import company
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import Period
from crm.tools.bench.aims import at_most
from crm.tools.bench.page_benchmarks import rows
from crm.tools.bench.timing import OURS, Piece
from crm.tools.bench.turn_rollback import Undoing
from retention.care import candidate_queries, zone_days
from retention.care.candidate_queries import Horizon
from retention.care.models import CareProgram
from retention.care.trigger_settings import LapsedSettings
from retention.metrics import cohorts, figure_cache, selectors, trend, windows

MONTHS, YEAR = 36, 12
KEPT = "SELECT figures::text FROM retention_metriccell WHERE key = %s"
NEWEST = "SELECT key FROM retention_metriccell WHERE key LIKE %s ORDER BY computed_at DESC, id DESC LIMIT 1"
NEWS = """
INSERT INTO kernel_event (name, ids, live, data, at, created_at)
VALUES ('order_recorded', '[]', true, jsonb_build_object('earliest', %(earliest)s::text), %(now)s, %(now)s)
"""
LAPSED = """
SELECT s.customer_id FROM customers_customersummary s JOIN customers_customer c ON c.id = s.customer_id
WHERE s.last_order_at >= %s AND s.last_order_at < %s AND c.merged_into_id IS NULL AND c.archived_at IS NULL
ORDER BY s.customer_id
"""


def kept_cohorts(today: date) -> Piece:
    """The table of 36 months of cohorts from its cell; bare: the row that it stands in."""

    def ours() -> tuple[int, int]:
        found = selectors.one(selectors.of_cohorts(today, MONTHS))
        return sum(each.size for each in found), sum(sum(each.returned.values()) for each in found)

    ours()
    key = rows(NEWEST, ["cohorts:%"])[0][0]

    def bare() -> tuple[int, int]:
        found = json.loads(rows(KEPT, [key])[0][0])
        return sum(size for _month, size, _back in found), sum(sum(back.values()) for _month, _size, back in found)

    return _kept("cohorts, 36 months kept", ours, bare, key)


def kept_trend(today: date) -> Piece:
    """Retention at the last 36 month firsts from its cell; bare: the row that it stands in."""
    wanted = _windows(today)

    def ours() -> list[list[int]]:
        return [
            [point.active_start, point.retained, point.active_end]
            for point in selectors.one(selectors.of_trend(wanted))
        ]

    ours()
    key = rows(NEWEST, ["trend:%"])[0][0]
    return _kept("trend, 36 months kept", ours, lambda: json.loads(rows(KEPT, [key])[0][0]), key)


def _kept(name: str, ours: Any, bare: Any, key: str) -> Piece:
    limit = "one-row SQL"
    return Piece(
        name, ours, bare, rounds=25, limit=limit, aims={limit: at_most(3)}, plan=KEPT, given=[key], growth=1.25
    )


def rebuild(today: date) -> Piece:
    """Trend, cohorts and the current window of 36 months, forgotten and counted anew; bare: the three statements."""
    limit = "bare statements"
    undoing = Undoing("retention_metriccell")
    return Piece(
        "36 months anew",
        lambda: _counted_anew(today),
        lambda: _bare(today),
        rounds=5,
        limit=limit,
        aims={limit: at_most(1.3)},
        around=undoing.around,
        prepare=lambda side: undoing.begin(),
    )


def refresh(today: date) -> Piece:
    """The same figures after a day's orders have come in, against counting all of them anew."""
    limit = "all anew"
    undoing = Undoing("retention_metriccell", "kernel_event")
    earliest = periods.midnight(today, company.get().time_zone)

    def prepare(side: str) -> None:
        undoing.begin()
        if side == OURS:
            _counted_anew(today)
            with connection.cursor() as cursor:
                cursor.execute(NEWS, {"earliest": earliest.isoformat(), "now": clock.now()})

    return Piece(
        "36 months, a day later",
        lambda: _figures(today),
        lambda: _counted_anew(today),
        rounds=5,
        limit=limit,
        aims={limit: at_most(0.05)},
        around=undoing.around,
        prepare=prepare,
    )


def lapsed() -> Piece:
    """Who bought last 90 to 120 days ago, as care selects them, with the order that they lapsed from."""
    program = CareProgram.objects.get(key="lapsed-buyer")
    settings, now, zone = LapsedSettings(), clock.now(), company.get().time_zone
    days = zone_days.clocks(zone, now, now, settings.opens, settings.closes).days[0]
    since = days.unclosed - timedelta(days=settings.lapse_days + settings.within_days)
    until = days.opened - timedelta(days=settings.lapse_days - 1)
    bounds = [periods.midnight(since, zone), periods.midnight(until, zone)]
    limit = "bare SQL"
    return Piece(
        "lapsed 90–120 days",
        lambda: [each.customer_id for each in candidate_queries.due(program, Horizon(now, now))],
        lambda: [customer for (customer,) in rows(LAPSED, bounds)],
        rounds=9,
        limit=limit,
        aims={limit: at_most(1.5)},
        plan=LAPSED,
        given=bounds,
    )


def _windows(today: date) -> list[windows.Window]:
    return trend.windows_up_to(periods.first_of_month(today), YEAR, MONTHS)


def _current(today: date) -> windows.Window:
    return windows.window(Period(today - timedelta(days=365), today + timedelta(days=1)))


def _counted_anew(today: date) -> tuple[int, ...]:
    figure_cache.forget()
    return _figures(today)


def _figures(today: date) -> tuple[int, ...]:
    """The sums of all that is counted: trend, cohorts, bridge."""
    points = selectors.one(selectors.of_trend(_windows(today)))
    table = selectors.one(selectors.of_cohorts(today, MONTHS))
    bridge = selectors.figures(_current(today)).bridge
    return (
        sum(point.active_start + point.retained + point.active_end for point in points),
        sum(each.size + sum(each.returned.values()) for each in table),
        bridge.active_start + bridge.retained + bridge.new + bridge.won_back,
    )


def _bare(today: date) -> tuple[int, ...]:
    """The statements themselves, with nothing kept."""
    newest = periods.first_of_month(today)
    zone = company.get().time_zone
    points = trend.count(_windows(today))
    table = cohorts.table(periods.add_months(newest, 1 - MONTHS), newest, zone)
    bridge = rows(windows.COUNT.format(only=""), _current(today).instants)[0][:4]
    return (
        sum(point.active_start + point.retained + point.active_end for point in points),
        sum(each.size + sum(each.returned.values()) for each in table),
        sum(bridge),
    )
