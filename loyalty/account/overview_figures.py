"""The figures of the loyalty overview."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.money import Money
from crm.kernel.templatetags import crm as written
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.key_figures import KeyFigure
from crm.kernel.ui.languages import babel_locale
from customers.profiles.models import Customer
from loyalty.account import trends
from loyalty.account.trends import FigureTrend
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.models import LedgerProof
from loyalty.rewards import quotes
from loyalty.rewards import selectors as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors as tiers
from loyalty.tiers.benefits import tier_benefits
from loyalty.tiers.models import Tier

PERIOD_DAYS = 90
MONTHS_SHOWN = 13


@dataclass(frozen=True)
class TierFigures:
    """A tier with its members, their share of all, how many rose into it and fell into it, and what it brings."""

    tier: Tier
    members: int
    share: Decimal | None
    raised: int
    lowered: int
    benefits: list[str]


@dataclass(frozen=True)
class LoyaltyOverview:
    """Everything on the overview page."""

    members: int
    customers: int
    outstanding: int
    pending: int
    debt: int
    liability: Money
    redeemed: int
    expired: int
    rate: Decimal | None
    rate_before: Decimal | None
    members_trend: FigureTrend
    points_trend: FigureTrend
    proof: LedgerProof | None
    tiers: list[TierFigures]
    rewards: list[tuple[Reward, int]]
    chart: Chart | None

    @property
    def rate_trend(self) -> FigureTrend:
        """The redemption rate against that of the period before."""
        return trends.rate_trend(self.rate_before, self.rate)

    @property
    def shows_points(self) -> bool:
        """Whether the programme has points, or some are left from when it had."""
        return program_settings.loyalty_settings().points_on or self.outstanding > 0

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.members) / self.customers if self.customers else None


def get_loyalty_overview(at: datetime, user: User) -> LoyaltyOverview:
    """The overview as of an instant; links only where the user may follow them. A dozen queries."""
    totals, period_start = points.points_totals(at), at - timedelta(days=PERIOD_DAYS)
    redeemed, expired = _points_used_and_expired(period_start, at)
    members_trend, points_trend = trends.member_and_points_trends(at)
    return LoyaltyOverview(
        members=totals["members"],
        customers=Customer.objects.current().count(),
        outstanding=totals["outstanding"],
        pending=totals["pending"],
        debt=totals["debt"],
        liability=quotes.points_value(totals["outstanding"]),
        redeemed=redeemed,
        expired=expired,
        rate=_redemption_rate(redeemed, expired),
        rate_before=_redemption_rate(
            *_points_used_and_expired(period_start - timedelta(days=PERIOD_DAYS), period_start)
        ),
        members_trend=members_trend,
        points_trend=points_trend,
        proof=points.latest_ledger_proof(),
        tiers=_tier_figures(at),
        rewards=rewards.rewards_with_redemptions(period_start),
        chart=_outflow_chart(at, user),
    )


def overview_key_figures(overview: LoyaltyOverview, members_url: str) -> list[KeyFigure]:
    """Members, points, liability, redemption rate, ledger; the first three lead to the members where a link is given.

    Only the members where the programme has no points.
    """
    members, points_trend, rate = overview.members_trend, overview.points_trend, overview.rate_trend
    since = _("since %(day)s") % {"day": written.day(members.compared_since)} if members.compared_since else ""
    before = (
        _("last %(days)s days") % {"days": PERIOD_DAYS}
        if overview.rate_before is None
        else _("from %(rate)s") % {"rate": written.percent(overview.rate_before)}
    )
    member_figure = KeyFigure(
        _("Members"),
        written.number(overview.members),
        url=members_url,
        trend=members.values,
        change=members.change_text,
        direction=members.direction,
        verdict=members.verdict,
        note=since,
        detail=_("%(share)s of %(n)s customers")
        % {"share": written.percent(overview.share), "n": written.number(overview.customers)},
    )
    if not overview.shows_points:
        return [member_figure]
    return [
        member_figure,
        KeyFigure(
            _("Points outstanding"),
            written.number(overview.outstanding),
            url=members_url,
            trend=points_trend.values,
            change=points_trend.change_text,
            direction=points_trend.direction,
            note=since,
            detail=_("%(n)s pending, %(owed)s owed by members")
            % {"n": written.number(overview.pending), "owed": written.number(overview.debt)},
        ),
        KeyFigure(
            _("Points liability"),
            written.money_whole(overview.liability.amount, overview.liability.currency),
            url=members_url,
            trend=points_trend.values,
            note=_("Face value of all points outstanding"),
        ),
        KeyFigure(
            _("Redemption rate"),
            written.percent(overview.rate),
            change=rate.change_text,
            direction=rate.direction,
            verdict=rate.verdict,
            note=before,
            detail=_("%(redeemed)s redeemed, %(lapsed)s expired")
            % {"redeemed": written.number(overview.redeemed), "lapsed": written.number(overview.expired)},
        ),
        _ledger_figure(overview.proof),
    ]


def _ledger_figure(proof: LedgerProof | None) -> KeyFigure:
    if proof is None:
        return KeyFigure(_("Ledger"), _("not proved yet"), note=_("The first proof is made tonight"), few=True)
    differences = (
        _("%(n)s differences") % {"n": written.number(len(proof.differences))}
        if proof.differences
        else pgettext("the ledger", "Balanced")
    )
    note = _("%(n)s accounts recomputed") % {"n": written.number(proof.accounts)}
    return KeyFigure(_("Ledger"), differences, note=note, detail=written.moment(proof.made_at))


def _points_used_and_expired(since: datetime, until: datetime) -> tuple[int, int]:
    """Points redeemed, less those returned, and points expired."""
    outflow = points.points_outflow(since, until)
    return -outflow.get("spend", 0) - outflow.get("return", 0), -outflow.get("expire", 0)


def _redemption_rate(redeemed: int, expired: int) -> Decimal | None:
    return Decimal(redeemed) / (redeemed + expired) if redeemed + expired > 0 else None


def liability_rows(at: datetime) -> list[tuple[str, int, Money]]:
    """(month in which points expire or empty for never, points, their value), for finance; sums to what is outstanding."""
    return [
        (month.strftime("%Y-%m") if month else "", points_left, quotes.points_value(points_left))
        for month, points_left in points.outstanding_points_by_month(at)
    ]


def _tier_figures(at: datetime) -> list[TierFigures]:
    if not program_settings.loyalty_settings().tiers_on:
        return []
    counted = tiers.member_counts_by_tier()
    total = sum(members for _tier, members in counted)
    moves = tiers.tier_changes(at - timedelta(days=PERIOD_DAYS))
    benefits = tier_benefits(tier for tier, _members in counted)
    return [
        TierFigures(
            tier,
            members,
            Decimal(members) / total if total else None,
            *moves.get(tier.pk, (0, 0)),
            benefits=benefits[tier.pk],
        )
        for tier, members in counted
    ]


def _outflow_chart(at: datetime, user: User) -> Chart | None:
    """Points used and expired in the last months, and points that expire in the coming ones; None without points."""
    ends = [(month, points_left) for month, points_left in points.outstanding_points_by_month(at) if month][
        :MONTHS_SHOWN
    ]
    if not ends:
        return None
    past, most_month, most = trends.monthly_outflow(), *max(ends, key=lambda row: row[1])
    coming = dict(ends)
    months = sorted({month for month, _used, _expired in past} | set(coming))
    return Chart(
        key="expiring",
        kind="stacked",
        summary=_("Most points end in %(month)s: %(points)s.")
        % {"month": _month(most_month), "points": money.format_number(most, get_language() or "en")},
        x_labels=[_month(month) for month in months],
        x_name=_("Month"),
        series=[
            _month_series(_("Used"), "c5", months, {month: used for month, used, _expired in past}),
            _month_series(_("Expired"), "c2", months, {month: expired for month, _used, expired in past}),
            _month_series(
                _("Points that end"), "forecast", months, coming, access.may_see_all_records(user, "customers.view")
            ),
        ],
        csv_url=reverse("loyalty:liability_csv") if access.has_permission(user, "metrics.export") else "",
    )


def _month_series(
    name: str, role: str, months: list[date], values: dict[date, int], is_linked: bool = False
) -> ChartSeries:
    links = [_members_url(month) if is_linked and month in values else "" for month in months]
    return ChartSeries(name, [values.get(month) for month in months], role=role, links=links)


def _members_url(month: date) -> str:
    return f"{reverse('loyalty:member_list')}?ends={month:%Y-%m}"


def _month(month: Any) -> str:
    locale = babel_locale(get_language() or "en")
    return format_date(month, "MMM yy" if locale == "en" else "yy年M月", locale=locale)
