"""Cohorts: of the customers who first bought in a month, the share who bought again k months later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from crm.kernel.time import periods
from customers.orders.models import CustomerSummary, Order, counting_orders
from customers.profiles.models import Customer
from retention.metrics.queries import COHORT_TABLE_SQL


@dataclass(frozen=True)
class Cohort:
    """Customers by month of first order; `returned[k]` bought again in the k-th month after (k ≥ 1)."""

    month: date
    size: int
    returned: dict[int, int]


def cohort_table(first: date, last: date, zone: str) -> list[Cohort]:
    """Cohorts of the months from `first` to `last`, both first days; one statement. Month 0 gives the size."""
    bounds: dict[str, str | datetime] = {
        "zone": zone,
        "since": periods.local_midnight(first, zone),
        "until": periods.local_midnight(periods.add_months(last, 1), zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(COHORT_TABLE_SQL, bounds)
        rows = cursor.fetchall()
    cohorts: dict[date, Cohort] = {}
    month = first
    while month <= last:
        cohorts[month] = Cohort(month, 0, {})
        month = periods.add_months(month, 1)
    for month, months, customers in rows:
        cohort = cohorts[month]
        cohorts[month] = Cohort(month, customers, cohort.returned) if months == 0 else cohort
        if months:
            cohort.returned[months] = customers
    return list(cohorts.values())


def cohort_customers(month: date, zone: str) -> QuerySet[Any, Any]:
    """Ids of the customers who first bought in a month."""
    bounds: dict[str, str | datetime] = {
        "first_order_at__gte": periods.local_midnight(month, zone),
        "first_order_at__lt": periods.local_midnight(periods.add_months(month, 1), zone),
    }
    return Customer.objects.filter(pk__in=CustomerSummary.objects.filter(**bounds).values("customer_id")).values("pk")


def returning_cohort_customers(month: date, months: int, zone: str) -> QuerySet[Any, Any]:
    """Ids of those of a cohort who bought in the k-th month after."""
    returned_month = periods.add_months(month, months)
    purchases = Order.objects.filter(
        counting_orders(),
        placed_at__gte=periods.local_midnight(returned_month, zone),
        placed_at__lt=periods.local_midnight(periods.add_months(returned_month, 1), zone),
    )
    return cohort_customers(month, zone).filter(pk__in=purchases.values("customer_id"))
