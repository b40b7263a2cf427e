"""Customers at risk, as they were scored last, and those whom a look at the summaries finds now."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from crm.kernel import company
from retention.risk.models import RiskScore
from retention.risk.queries import LATE_CUSTOMERS_SQL
from retention.risk.rules import AT_RISK, SHORTEST_GAP_DAYS, CommonRhythm, PurchaseHistory, RiskLevel


class LateCustomer(NamedTuple):
    """A customer at risk with what the risk rests on: days quiet, the usual gap and whether it is their
    own, what was bought."""

    customer_id: int
    quiet: Decimal
    last_order_at: datetime
    usual_gap: Decimal
    is_own_gap: bool
    history: PurchaseHistory


class RiskTotals(NamedTuple):
    """How many are at risk, how many of them highly, what they would bring in a year, when anybody was scored last."""

    customers: int
    high: int
    value: Decimal
    scored_at: datetime | None


def late_customers(
    at: datetime, common: CommonRhythm | None, customer_ids: Iterable[int] | None = None
) -> list[LateCustomer]:
    """Who is at risk at an instant, of everybody or of some. One query over the summaries."""
    params: dict[str, Any] = {
        "at": at,
        "since": at - timedelta(days=company.get_company().active_days),
        "times": AT_RISK,
        "shortest": SHORTEST_GAP_DAYS,
        "common_gap": common.gap_days if common else None,
    }
    if customer_ids is not None:
        params["ids"] = list(customer_ids)
    only = "" if customer_ids is None else "AND s.customer_id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(LATE_CUSTOMERS_SQL.format(only=only), params)
        return [
            LateCustomer(customer_id, quiet, last_order_at, gap, is_own, PurchaseHistory(days, span, spend))
            for customer_id, quiet, last_order_at, gap, is_own, days, span, spend in cursor.fetchall()
        ]


def risk_scores_by_value() -> QuerySet[RiskScore]:
    """The scored ones, the most valuable first."""
    return RiskScore.objects.order_by("-value", "-customer")


def risk_totals(scores: QuerySet[RiskScore] | None = None) -> RiskTotals:
    """Of everybody at risk, or of the given ones; one query."""
    totals = (
        (RiskScore.objects.all() if scores is None else scores)
        .order_by()
        .aggregate(
            n=Count("customer"),
            high=Count("customer", filter=Q(level=RiskLevel.HIGH.value)),
            value_sum=Sum("value"),
            at=Max("scored_at"),
        )
    )
    return RiskTotals(totals["n"], totals["high"], totals["value_sum"] or Decimal(0), totals["at"])


def at_risk_customer_ids() -> QuerySet[Any, Any]:
    """Ids of the customers at risk."""
    return RiskScore.objects.values("customer_id")
