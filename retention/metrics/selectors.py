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
from retention.metrics.figure_cache import Wanted
from retention.metrics.rules import Bridge, Figures, Purchases, rate_text
from retention.metrics.trend import Point
from retention.metrics.windows import Window

T = TypeVar("T")
VERSION = "1"
# A value that every later order changes.
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Asked(Generic[T]):
    """A figure to be read or counted: the cell that keeps it, and what its kept form says."""

    cell: Wanted
    read: Callable[[Any], T]


@dataclass(frozen=True)
class Told(Generic[T]):
    """A figure with the time it was counted."""

    value: T
    computed_at: datetime


def together(*asked: Asked[Any]) -> list[Told[Any]]:
    """Figures of any kind in the order asked; two queries when all are kept."""
    found = figure_cache.get(list({each.cell.key: each.cell for each in asked}.values()))
    kept = [(each, found[each.cell.key]) for each in asked]
    return [Told(each.read(counted.figures), counted.computed_at) for each, counted in kept]


def one(asked: Asked[T]) -> T:
    """One figure alone."""
    return cast(T, together(asked)[0].value)


def figures(window: Window) -> Figures:
    """The figures of a window, kept or counted."""
    return one(of_window(window))


def of_window(window: Window) -> Asked[Figures]:
    """Bridge and purchases of a window."""
    return Asked(Wanted(_key(window), window.instants["e"], lambda: to_cell(windows.count(window))), from_cell)


def _key(window: Window) -> str:
    return f"window:{VERSION}:{window.start}:{window.end}:{window.active_days}:{window.zone}"


def to_cell(found: Figures) -> dict[str, Any]:
    """Figures as JSON keeps them: money as strings."""
    b, p = found.bridge, found.purchases
    return {
        "bridge": [b.active_start, b.retained, b.new, b.won_back],
        "purchases": [p.buyers, p.repeat_buyers, p.orders, str(p.revenue), str(p.refunds)],
    }


def from_cell(kept: dict[str, Any]) -> Figures:
    """Figures from the kept form."""
    buyers, repeat, orders, revenue, refunds = kept["purchases"]
    return Figures(Bridge(*kept["bridge"]), Purchases(buyers, repeat, orders, Decimal(revenue), Decimal(refunds)))


def report(window: Window) -> dict[str, Any]:
    """The figures under their public names: counts as numbers, rates and money as decimal strings, or None."""
    found = figures(window)
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
        "retention": rate_text(bridge.retention),
        "churn": rate_text(bridge.churn),
        "buyers": bought.buyers,
        "repeat_purchase_rate": rate_text(bought.repeat_rate),
        "purchase_frequency": rate_text(bought.frequency),
        "net_revenue": format(bought.net_revenue.quantize(Decimal("0.0001")), "f"),
    }


def of_trend(wanted: list[Window]) -> Asked[list[Point]]:
    """The retention of windows between month firsts, all counted in one statement."""
    last = max(wanted, key=lambda window: window.end)
    names = f"{wanted[0].start}:{wanted[0].end}:{last.end}:{len(wanted)}:{last.active_days}:{last.zone}"
    count = lambda: [[point.active_start, point.retained, point.active_end] for point in trend.count(wanted)]  # noqa: E731
    cell = Wanted(f"trend:{VERSION}:{names}", last.instants["e"], count)
    return Asked(cell, lambda kept: [Point(*point) for point in kept])


def of_cohorts(last: date, months: int = 12) -> Asked[list[Cohort]]:
    """The cohorts of `months` months up to the month of `last`."""
    zone = company.get().time_zone
    newest = periods.first_of_month(last)
    first = periods.add_months(newest, 1 - months)
    end = periods.midnight(periods.add_months(newest, 1), zone)
    cell = Wanted(f"cohorts:{VERSION}:{first}:{newest}:{zone}", end, lambda: _kept(cohorts.table(first, newest, zone)))
    return Asked(cell, _cohorts)


def _kept(found: list[Cohort]) -> list[Any]:
    return [[cohort.month.isoformat(), cohort.size, cohort.returned] for cohort in found]


def _cohorts(kept: list[Any]) -> list[Cohort]:
    return [
        Cohort(date.fromisoformat(month), size, {int(k): n for k, n in returned.items()})
        for month, size, returned in kept
    ]


def of_value(window: Window) -> Asked[tuple[Decimal | None, int]]:
    """Mean historic lifetime value (net of refunds and discounts, base currency) of those active at the end, and n."""
    cell = Wanted(f"value:{_key(window)}", LATEST, lambda: _mean_value(window))
    return Asked(cell, lambda kept: (Decimal(kept[0]) if kept[0] is not None else None, kept[1]))


def _mean_value(window: Window) -> list[Any]:
    rows = CustomerSummary.objects.filter(customer_id__in=metric_customers.active_end(window))
    found = rows.aggregate(mean=Avg("net_spend"), n=Count("customer_id"))
    return [str(found["mean"]) if found["mean"] is not None else None, found["n"]]
