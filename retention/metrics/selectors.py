"""Figures for pages, the API and the command: the very same numbers everywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from crm.kernel import company
from crm.kernel.time import periods
from retention.metrics import cohorts, figure_cache, trend, windows
from retention.metrics.cohorts import Cohort
from retention.metrics.figure_cache import FigureRequest
from retention.metrics.rules import CustomerBridge, PurchaseFigures, WindowFigures, format_rate
from retention.metrics.trend import TrendPoint
from retention.metrics.windows import MetricWindow

T = TypeVar("T")
CACHE_VERSION = "1"


@dataclass(frozen=True)
class FigureQuery(Generic[T]):
    """A figure to be read or counted: the cell that keeps it, and what its stored form says."""

    cell: FigureRequest
    read: Callable[[Any], T]


@dataclass(frozen=True)
class FigureResult(Generic[T]):
    """A figure with the time it was counted."""

    value: T
    computed_at: datetime


def fetch_figures(*queries: FigureQuery[Any]) -> list[FigureResult[Any]]:
    """Figures of any kind in the order of the queries; two queries when all are kept."""
    cached = figure_cache.get_figures(list({query.cell.key: query.cell for query in queries}.values()))
    pairs = [(query, cached[query.cell.key]) for query in queries]
    return [FigureResult(query.read(figure.figures), figure.computed_at) for query, figure in pairs]


def fetch_figure(query: FigureQuery[T]) -> T:
    """One figure alone."""
    return cast(T, fetch_figures(query)[0].value)


def window_figures(window: MetricWindow) -> WindowFigures:
    """The figures of a window, kept or counted."""
    return fetch_figure(window_query(window))


def window_query(window: MetricWindow) -> FigureQuery[WindowFigures]:
    """Bridge and purchases of a window."""
    return FigureQuery(
        FigureRequest(
            _window_key(window), window.instants["e"], lambda: serialize_figures(windows.count_window(window))
        ),
        parse_figures,
    )


def _window_key(window: MetricWindow) -> str:
    return f"window:{CACHE_VERSION}:{window.start}:{window.end}:{window.active_days}:{window.zone}"


def serialize_figures(figures: WindowFigures) -> dict[str, Any]:
    """Figures as JSON keeps them: money as strings."""
    bridge, purchases = figures.bridge, figures.purchases
    return {
        "bridge": [bridge.active_start, bridge.retained, bridge.new, bridge.won_back],
        "purchases": [
            purchases.buyers,
            purchases.repeat_buyers,
            purchases.orders,
            str(purchases.revenue),
            str(purchases.refunds),
        ],
    }


def parse_figures(stored: dict[str, Any]) -> WindowFigures:
    """Figures from the stored form."""
    buyers, repeat, orders, revenue, refunds = stored["purchases"]
    return WindowFigures(
        CustomerBridge(*stored["bridge"]), PurchaseFigures(buyers, repeat, orders, Decimal(revenue), Decimal(refunds))
    )


def metrics_report(window: MetricWindow) -> dict[str, Any]:
    """The figures under their public names: counts as numbers, rates and money as decimal strings, or None."""
    figures = window_figures(window)
    bridge, purchases = figures.bridge, figures.purchases
    return {
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "active_days": window.active_days,
        "S": bridge.active_start,
        "E": bridge.active_end,
        "retained": bridge.retained,
        "lost": bridge.lost,
        "new": bridge.new,
        "won_back": bridge.won_back,
        "retention": format_rate(bridge.retention),
        "churn": format_rate(bridge.churn),
        "buyers": purchases.buyers,
        "repeat_purchase_rate": format_rate(purchases.repeat_rate),
        "purchase_frequency": format_rate(purchases.frequency),
        "net_revenue": format(purchases.net_revenue.quantize(Decimal("0.0001")), "f"),
    }


def trend_query(trend_windows: list[MetricWindow]) -> FigureQuery[list[TrendPoint]]:
    """The retention of windows between month firsts, all counted in one statement."""
    last = max(trend_windows, key=lambda window: window.end)
    names = f"{trend_windows[0].start}:{trend_windows[0].end}:{last.end}:{len(trend_windows)}:{last.active_days}:{last.zone}"
    cell = FigureRequest(
        f"trend:{CACHE_VERSION}:{names}",
        last.instants["e"],
        lambda: [[point.active_start, point.retained, point.active_end] for point in trend.count_trend(trend_windows)],
    )
    return FigureQuery(cell, lambda stored: [TrendPoint(*point) for point in stored])


def cohorts_query(last: date, months: int = 12) -> FigureQuery[list[Cohort]]:
    """The cohorts of `months` months up to the month of `last`."""
    zone = company.get_company().time_zone
    newest = periods.first_of_month(last)
    first = periods.add_months(newest, 1 - months)
    end = periods.local_midnight(periods.add_months(newest, 1), zone)
    cell = FigureRequest(
        f"cohorts:{CACHE_VERSION}:{first}:{newest}:{zone}",
        end,
        lambda: _serialize_cohorts(cohorts.cohort_table(first, newest, zone)),
    )
    return FigureQuery(cell, _parse_cohorts)


def _serialize_cohorts(table: list[Cohort]) -> list[Any]:
    return [[cohort.month.isoformat(), cohort.size, cohort.returned] for cohort in table]


def _parse_cohorts(stored: list[Any]) -> list[Cohort]:
    return [
        Cohort(date.fromisoformat(month), size, {int(k): n for k, n in returned.items()})
        for month, size, returned in stored
    ]


def lifetime_value_query(window: MetricWindow) -> FigureQuery[tuple[Decimal | None, int]]:
    """Mean lifetime value (net of refunds and discounts, base currency) of those active at the end, as it stood then, and
    n."""
    cell = FigureRequest(
        f"lifetime_value:{_window_key(window)}",
        window.instants["e"],
        lambda: _serialize_mean(windows.mean_lifetime_value(window)),
    )
    return FigureQuery(cell, lambda stored: (Decimal(stored[0]) if stored[0] is not None else None, stored[1]))


def _serialize_mean(figures: tuple[Decimal | None, int]) -> list[Any]:
    mean, n = figures
    return [None if mean is None else str(mean), n]
