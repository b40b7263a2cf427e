"""The list of customers at risk: by value, with the reason in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from crm.kernel.listing import Listing, Page
from customers.profiles.models import Customer
from retention.risk import selectors, shown
from retention.risk.models import RiskScore

SORTS = {"value": ("value", "customer_id"), "ratio": ("ratio", "customer_id")}


@dataclass(frozen=True)
class Row:
    """One customer at risk."""

    customer: Customer
    score: RiskScore
    reason: str
    orders: int


def rows(user: Any) -> QuerySet[RiskScore]:
    """Those inside the user's record scope."""
    found = selectors.at_risk().filter(customer__in=Customer.objects.visible_to(user))
    return found.select_related("customer__summary", "customer__owner")


def page(at: datetime, user: Any, sort: str | None, cursor: str | None) -> tuple[Page, list[Row]]:
    """One page of the list; one query."""
    found = Listing(rows(user), SORTS, "-value").page(sort, cursor)
    return found, [row_of(score, at) for score in found.rows]


def first(at: datetime, user: Any, number: int) -> list[Row]:
    """The most valuable ones, for the dashboard; one query."""
    return [row_of(score, at) for score in rows(user)[:number]]


def row_of(score: RiskScore, at: datetime) -> Row:
    """A score with its reason: how long its customer has been quiet by now."""
    quiet = (at - score.last_order_at).days
    return Row(score.customer, score, shown.reason(quiet, score.gap_days), score.customer.summary.orders)
