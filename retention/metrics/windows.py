"""A window of a metric as instants, and the SQL that counts one. Reads the orders of the window and its run-up only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.kernel import company
from crm.kernel.time import periods
from crm.kernel.time.periods import Period
from retention.metrics.queries import LIFETIME_VALUE_SQL, WINDOW_FIGURES_SQL
from retention.metrics.rules import CustomerBridge, PurchaseFigures, WindowFigures


@dataclass(frozen=True)
class MetricWindow:
    """[start, end) of local days; active at D = a purchase in [D − active_days, D). `zone` is the company's."""

    start: date
    end: date
    active_days: int
    zone: str

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def instants(self) -> dict[str, datetime]:
        """s, e: the window; s0, e0: where the run-up of either end begins."""
        back = timedelta(days=self.active_days)
        days = {"s": self.start, "e": self.end, "s0": self.start - back, "e0": self.end - back}
        return {name: periods.local_midnight(day, self.zone) for name, day in days.items()}


def metric_window(period: Period, active_days: int | None = None) -> MetricWindow:
    """The window of a period with the company's zone and its definition of active."""
    this_company = company.get_company()
    return MetricWindow(period.start, period.end, active_days or this_company.active_days, this_company.time_zone)


def count_window(window: MetricWindow, customers: Any = None) -> WindowFigures:
    """Count a window from the raw rows, in one statement; `customers` limits it to a queryset of ids."""
    params: dict[str, Any] = dict(window.instants)
    restriction = ""
    if customers is not None:
        sql, values = customers.query.sql_with_params()
        names = {f"only{place}": value for place, value in enumerate(values)}
        restriction = f"AND o.customer_id IN ({sql % tuple(f'%({name})s' for name in names)})"
        params.update(names)
    with connection.cursor() as cursor:
        cursor.execute(WINDOW_FIGURES_SQL.format(restriction=restriction), params)
        start, retained, new, won_back, buyers, repeat, orders, revenue, refunds = cursor.fetchone()
    return WindowFigures(
        CustomerBridge(start, retained, new, won_back), PurchaseFigures(buyers, repeat, orders, revenue, refunds)
    )


def mean_lifetime_value(window: MetricWindow) -> tuple[Decimal | None, int]:
    """What those active at the end had spent until then on average, less what had been given back until then, and how
    many they are; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LIFETIME_VALUE_SQL, window.instants)
        mean, customers = cursor.fetchone()
    return mean, customers
