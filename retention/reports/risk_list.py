"""The list of customers at risk: by value, with the reason in words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import company, money
from crm.kernel.auth.models import User
from crm.kernel.templatetags import crm as written
from crm.kernel.ui.key_figures import KeyFigure
from crm.kernel.ui.listing.keyset import Listing, ListPage
from customers.profiles.models import Customer
from retention.reports.models import AtRiskDay
from retention.risk import labels, selectors
from retention.risk.models import RiskScore

QUARTER_DAYS = 92
RISK_SORTS = {"value": ("value", "customer_id"), "ratio": ("ratio", "customer_id")}


@dataclass(frozen=True)
class RiskRow:
    """One customer at risk."""

    customer: Customer
    score: RiskScore
    reason: str
    orders: int


@dataclass(frozen=True)
class AtRiskHistory:
    """What the last nights wrote down: counts and values week by week, and how the count has changed since the first."""

    since: date | None
    customer_counts: list[int]
    values: list[float]
    count_change: int

    @property
    def change(self) -> str:
        return money.format_number(abs(self.count_change), get_language() or "en") if self.count_change else ""

    @property
    def direction(self) -> str:
        return "up" if self.count_change > 0 else "down"

    @property
    def verdict(self) -> str:
        return "bad" if self.count_change > 0 else "good"


def at_risk_history() -> AtRiskHistory:
    """The last quarter of a year; one query."""
    days = list(AtRiskDay.objects.order_by("-day").values_list("day", "customers", "value")[:QUARTER_DAYS])
    weekly = days[::7][::-1]
    return AtRiskHistory(
        since=days[-1][0] if len(days) > 1 else None,
        customer_counts=[customers for _day, customers, _value in weekly],
        values=[float(value) for _day, _customers, value in weekly],
        count_change=days[0][1] - days[-1][1] if days else 0,
    )


def at_risk_figures(totals: selectors.RiskTotals, history: AtRiskHistory | None) -> list[KeyFigure]:
    """People at risk, those at high risk, and what they bring in a year; the list of the second for who may open it."""
    language = get_language() or "en"
    since = _("since %(day)s") % {"day": written.day(history.since)} if history and history.since else ""
    return [
        KeyFigure(
            _("People at risk"),
            money.format_number(totals.customers, language),
            trend=history.customer_counts if history else (),
            change=history.change if history else "",
            direction=history.direction if history else "",
            verdict=history.verdict if history else "",
            note=since,
        ),
        KeyFigure(
            _("At high risk"),
            money.format_number(totals.high, language),
            url=f"{reverse('customers:customer_list')}?risk=high",
            note=_("quiet for three times the usual gap"),
        ),
        KeyFigure(
            _("What they bring in a year"),
            money.format_money(totals.value, company.get_company().base_currency, language, whole=True),
            trend=history.values if history else (),
            note=_("drawn toward what customers usually spend"),
        ),
    ]


def visible_risk_scores(user: User) -> QuerySet[RiskScore]:
    """Those inside the user's record scope."""
    return _scores_in_scope(user).select_related("customer__summary", "customer__owner")


def visible_risk_totals(user: User) -> selectors.RiskTotals:
    """Of those rows: what stands above the list is the list's count, whatever the scope. One query."""
    return selectors.risk_totals(_scores_in_scope(user))


def _scores_in_scope(user: User) -> QuerySet[RiskScore]:
    return selectors.risk_scores_by_value().filter(customer__in=Customer.objects.visible_to(user))


def risk_page(at: datetime, user: User, sort: str | None, cursor: str | None) -> tuple[ListPage, list[RiskRow]]:
    """One page of the list; one query."""
    page = Listing(visible_risk_scores(user), RISK_SORTS, "-value").get_page(sort, cursor)
    return page, [build_risk_row(score, at) for score in page.rows]


def most_valuable_rows(at: datetime, user: User, number: int) -> list[RiskRow]:
    """The most valuable ones, for the dashboard; one query."""
    return [build_risk_row(score, at) for score in visible_risk_scores(user)[:number]]


def build_risk_row(score: RiskScore, at: datetime) -> RiskRow:
    """A score with its reason: how long its customer has been quiet by now."""
    quiet = (at - score.last_order_at).days
    reason = labels.risk_reason_text(quiet, score.gap_days, is_own=score.is_own_gap)
    return RiskRow(score.customer, score, reason, score.customer.summary.orders)
