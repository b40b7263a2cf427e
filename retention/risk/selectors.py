"""Customers at risk: still active by the company's definition, but quiet for at least twice their own usual gap."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum, Value
from django.db.models.functions import Extract, Greatest

from crm.kernel import company
from customers.orders.models import CustomerSummary
from retention.risk.rules import AT_RISK, SHORTEST_GAP

NUMBER = DecimalField(max_digits=19, decimal_places=4)


def at_risk(at: datetime, active_days: int | None = None) -> QuerySet[CustomerSummary]:
    """Summaries of customers at risk, with `ratio`, `quiet` (days) and `value_at_risk`; the most valuable first.

    At least two orders are needed: without a gap of his own nobody is late.
    """
    since = at - timedelta(days=active_days or company.get().active_days)
    gap = Greatest(F("gap_days"), Value(SHORTEST_GAP), output_field=NUMBER)
    seconds = Extract(Value(at) - F("last_order_at"), "epoch")
    rows = CustomerSummary.objects.filter(
        orders__gte=2,
        last_order_at__gte=since,
        last_order_at__lt=at,
        customer__merged_into=None,
        customer__archived_at=None,
    )
    return (
        rows.annotate(quiet=ExpressionWrapper(seconds / 86400, output_field=NUMBER))
        .annotate(ratio=ExpressionWrapper(F("quiet") / gap, output_field=NUMBER))
        .annotate(value_at_risk=ExpressionWrapper(F("average_order") * 365 / gap, output_field=NUMBER))
        .filter(ratio__gte=AT_RISK)
        .order_by("-value_at_risk", "customer_id")
    )


def totals(at: datetime) -> tuple[int, Decimal]:
    """How many are at risk, and what they would bring in a year."""
    found = at_risk(at).order_by().aggregate(n=Count("customer_id"), value=Sum("value_at_risk"))
    return found["n"], found["value"] or Decimal(0)


def ids(at: datetime) -> QuerySet[Any, Any]:
    """Ids of the customers at risk."""
    return at_risk(at).order_by().values("customer_id")
