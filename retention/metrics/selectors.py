"""Figures for pages, the API and the command: the very same numbers everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count

from crm.kernel import company, periods
from customers.orders.models import CustomerSummary
from retention.metrics import cells, cohorts, people, trend, windows
from retention.metrics.cells import Counted, Wanted
from retention.metrics.cohorts import Cohort
from retention.metrics.rules import Bridge, Figures, Purchases, rate_text
from retention.metrics.trend import Point
from retention.metrics.windows import Window

VERSION = "1"
# A value that every later order changes.
LATEST = datetime.max.replace(tzinfo=UTC)


def figures(window: Window) -> Figures:
    """The figures of a window, kept or counted."""
    return many([window])[0]


def many(wanted: list[Window]) -> list[Figures]:
    """The figures of several windows; two queries when all are kept."""
    return [from_cell(counted.figures) for counted in counted(wanted)]


def counted(wanted: list[Window]) -> list[Counted]:
    """The kept form with the time of counting."""
    found = cells.get([_cell(window) for window in dict.fromkeys(wanted)])
    return [found[_key(window)] for window in wanted]


def _key(window: Window) -> str:
    return f"window:{VERSION}:{window.start}:{window.end}:{window.active_days}:{window.zone}"


def _cell(window: Window) -> Wanted:
    return Wanted(_key(window), window.instants["e"], lambda: to_cell(windows.count(window)))


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


def trend_points(wanted: list[Window]) -> list[Point]:
    """The retention of windows between month firsts, kept or counted together in one statement."""
    last = max(wanted, key=lambda window: window.end)
    names = f"{wanted[0].start}:{wanted[0].end}:{last.end}:{len(wanted)}:{last.active_days}:{last.zone}"
    cell = Wanted(
        f"trend:{VERSION}:{names}",
        last.instants["e"],
        lambda: [[point.active_start, point.retained, point.active_end] for point in trend.count(wanted)],
    )
    return [Point(*point) for point in cells.get([cell])[cell.key].figures]


def cohort_table(last: date, months: int = 12) -> list[Cohort]:
    """The cohorts of `months` months up to the month of `last`, kept or counted."""
    zone = company.get().time_zone
    newest = periods.first_of_month(last)
    first = periods.add_months(newest, 1 - months)
    end = periods.midnight(periods.add_months(newest, 1), zone)
    wanted = Wanted(
        f"cohorts:{VERSION}:{first}:{newest}:{zone}", end, lambda: _kept(cohorts.table(first, newest, zone))
    )
    return [
        Cohort(date.fromisoformat(month), size, {int(k): n for k, n in returned.items()})
        for month, size, returned in cells.get([wanted])[wanted.key].figures
    ]


def _kept(found: list[Cohort]) -> list[Any]:
    return [[cohort.month.isoformat(), cohort.size, cohort.returned] for cohort in found]


def historic_value(window: Window) -> tuple[Decimal | None, int]:
    """Mean historic lifetime value (net of refunds and discounts, base currency) of those active at the end, and n."""
    key = f"value:{_key(window)}"
    mean, n = cells.get([Wanted(key, LATEST, lambda: _mean_value(window))])[key].figures
    return (Decimal(mean) if mean is not None else None), n


def _mean_value(window: Window) -> list[Any]:
    rows = CustomerSummary.objects.filter(customer_id__in=people.active_end(window))
    found = rows.aggregate(mean=Avg("net_spend"), n=Count("customer_id"))
    return [str(found["mean"]) if found["mean"] is not None else None, found["n"]]
