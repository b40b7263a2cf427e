"""The list of customers at risk: by value, with the reason in words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.listing import Listing, Page
from customers.orders.models import CustomerSummary
from customers.profiles.models import Customer
from retention.risk import rules, selectors
from retention.risk.rules import Risk

SORTS = {
    "value": ("value_at_risk", "customer_id"),
    "ratio": ("ratio", "customer_id"),
    "last": ("last_order_at", "customer_id"),
}


@dataclass(frozen=True)
class Row:
    """One customer at risk."""

    customer: Customer
    risk: Risk
    reason: str
    value: Decimal
    last_order_at: datetime
    orders: int


def rows(at: datetime, user: Any) -> QuerySet[CustomerSummary]:
    """Those inside the user's record scope."""
    found = selectors.at_risk(at).filter(customer__in=Customer.objects.visible_to(user))
    return found.select_related("customer", "customer__owner")


def page(at: datetime, user: Any, sort: str | None, cursor: str | None) -> tuple[Page, list[Row]]:
    """One page of the list; one query."""
    listing = Listing(rows(at, user), SORTS, "-value")
    found = listing.page(sort, cursor)
    return found, [row_of(summary) for summary in found.rows]


def first(at: datetime, user: Any, number: int) -> list[Row]:
    """The most valuable ones, for the dashboard; one query."""
    return [row_of(summary) for summary in rows(at, user)[:number]]


def row_of(summary: Any) -> Row:
    """A summary of `at_risk` as a row with its reason."""
    risk = rules.risk(summary.quiet, summary.gap_days)
    return Row(summary.customer, risk, reason(risk), summary.value_at_risk, summary.last_order_at, summary.orders)


def reason(risk: Risk) -> str:
    """Why, in words: `94 days quiet, usually buys every 19`."""
    return _("%(quiet)s days quiet, usually buys every %(gap)s") % {
        "quiet": risk.quiet_days,
        "gap": max(1, round(risk.usual_gap)),
    }
