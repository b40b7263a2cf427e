"""Figures for pages, the API and the command: the very same numbers everywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from django.db.models import Avg, Count

from crm.kernel import company
from crm.kernel.time import periods
from customers.orders.models import CustomerSummary
from retention.metrics import cohorts, figure_cache, metric_customers, trend, windows
from retention.metrics.cohorts import Cohort
from retention.metrics.figure_cache import FigureRequest
from retention.metrics.rules import CustomerBridge, PurchaseFigures, WindowFigures, format_rate
from retention.metrics.trend import TrendPoint
from retention.metrics.windows import MetricWindow

T = TypeVar("T")
CACHE_VERSION = "1"
# A value that every later order changes.
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class FigureQuery(Generic[T]):
    """A figure to be read or counted: the cell that keeps it, and what its kept form says."""

    cell: FigureRequest
    read: Callable[[Any], T]


@dataclass(frozen=True)
class FigureResult(Generic[T]):
    """A figure with the time it was counted."""

    value: T
    computed_at: datetime


def fetch_figures(*asked: FigureQuery[Any]) -> list[FigureResult[Any]]:
    """Figures of any kind in the order asked; two queries when all are kept."""
    found = figure_cache.get_figures(list({each.cell.key: each.cell for each in asked}.values()))
    kept = [(each, found[each.cell.key]) for each in asked]
    return [FigureResult(each.read(counted.figures), counted.computed_at) for each, counted in kept]


def fetch_figure(asked: FigureQuery[T]) -> T:
    """One figure alone."""
    return cast(T, fetch_figures(asked)[0].value)


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


def serialize_figures(found: WindowFigures) -> dict[str, Any]:
    """Figures as JSON keeps them: money as strings."""
    b, p = found.bridge, found.purchases
    return {
        "bridge": [b.active_start, b.retained, b.new, b.won_back],
        "purchases": [p.buyers, p.repeat_buyers, p.orders, str(p.revenue), str(p.refunds)],
    }


def parse_figures(kept: dict[str, Any]) -> WindowFigures:
    """Figures from the kept form."""
    buyers, repeat, orders, revenue, refunds = kept["purchases"]
    return WindowFigures(
        CustomerBridge(*kept["bridge"]), PurchaseFigures(buyers, repeat, orders, Decimal(revenue), Decimal(refunds))
    )


def metrics_report(window: MetricWindow) -> dict[str, Any]:
    """The figures under their public names: counts as numbers, rates and money as decimal strings, or None."""
    found = window_figures(window)
    bridge, bought = found.bridge, found.purchases
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
        "buyers": bought.buyers,
        "repeat_purchase_rate": format_rate(bought.repeat_rate),
        "purchase_frequency": format_rate(bought.frequency),
        "net_revenue": format(bought.net_revenue.quantize(Decimal("0.0001")), "f"),
    }


def trend_query(wanted: list[MetricWindow]) -> FigureQuery[list[TrendPoint]]:
    """The retention of windows between month firsts, all counted in one statement."""
    last = max(wanted, key=lambda window: window.end)
    names = f"{wanted[0].start}:{wanted[0].end}:{last.end}:{len(wanted)}:{last.active_days}:{last.zone}"
    count = lambda: [[point.active_start, point.retained, point.active_end] for point in trend.count_trend(wanted)]  # noqa: E731
    cell = FigureRequest(f"trend:{CACHE_VERSION}:{names}", last.instants["e"], count)
    return FigureQuery(cell, lambda kept: [TrendPoint(*point) for point in kept])


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


def _serialize_cohorts(found: list[Cohort]) -> list[Any]:
    return [[cohort.month.isoformat(), cohort.size, cohort.returned] for cohort in found]


def _parse_cohorts(kept: list[Any]) -> list[Cohort]:
    return [
        Cohort(date.fromisoformat(month), size, {int(k): n for k, n in returned.items()})
        for month, size, returned in kept
    ]


def lifetime_value_query(window: MetricWindow) -> FigureQuery[tuple[Decimal | None, int]]:
    """Mean historic lifetime value (net of refunds and discounts, base currency) of those active at the end, and n."""
    cell = FigureRequest(f"value:{_window_key(window)}", END_OF_TIME, lambda: _mean_lifetime_value(window))
    return FigureQuery(cell, lambda kept: (Decimal(kept[0]) if kept[0] is not None else None, kept[1]))


def _mean_lifetime_value(window: MetricWindow) -> list[Any]:
    rows = CustomerSummary.objects.filter(customer_id__in=metric_customers.customers_active_at_end(window))
    found = rows.aggregate(mean=Avg("net_spend"), n=Count("customer_id"))
    return [str(found["mean"]) if found["mean"] is not None else None, found["n"]]
