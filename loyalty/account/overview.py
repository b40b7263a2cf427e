"""The figures of the loyalty overview."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.charts import Chart, Series
from crm.kernel.languages import babel_locale
from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.points import selectors as points
from loyalty.points.models import LedgerProof
from loyalty.rewards import quotes
from loyalty.rewards import selectors as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors as tiers
from loyalty.tiers.models import Tier

DAYS = 90
MONTHS_SHOWN = 13


@dataclass(frozen=True)
class TierFigures:
    """A tier with its members, their share, and who came and went."""

    tier: Tier
    members: int
    share: Decimal | None
    up: int
    down: int


@dataclass(frozen=True)
class Overview:
    """The whole page."""

    members: int
    customers: int
    outstanding: int
    pending: int
    debt: int
    liability: Money
    redeemed: int
    lapsed: int
    rate: Decimal | None
    proof: LedgerProof | None
    tiers: list[TierFigures]
    rewards: list[tuple[Reward, int]]
    chart: Chart | None

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.members) / self.customers if self.customers else None


def figures(at: datetime) -> Overview:
    """Everything on the page, in ten queries."""
    totals = points.totals(at)
    moved = points.outflow_since(at - timedelta(days=DAYS))
    redeemed = -moved.get("spend", 0) - moved.get("return", 0)
    lapsed = -moved.get("expire", 0)
    return Overview(
        members=totals["members"],
        customers=Customer.objects.current().count(),
        outstanding=totals["outstanding"],
        pending=totals["pending"],
        debt=totals["debt"],
        liability=quotes.worth(totals["outstanding"]),
        redeemed=redeemed,
        lapsed=lapsed,
        rate=Decimal(redeemed) / (redeemed + lapsed) if redeemed + lapsed > 0 else None,
        proof=points.last_proof(),
        tiers=_tiers(at),
        rewards=rewards.all_rewards(at - timedelta(days=DAYS)),
        chart=_chart(at),
    )


def liability_rows(at: datetime) -> list[tuple[str, int, Money]]:
    """Month in which points end (empty: never), points, their value: for finance; sums to what is outstanding."""
    return [
        (month.strftime("%Y-%m") if month else "", left, quotes.worth(left))
        for month, left in points.outstanding_by_month(at)
    ]


def _tiers(at: datetime) -> list[TierFigures]:
    counted = tiers.distribution()
    total = sum(members for _tier, members in counted)
    moves = tiers.moves(at - timedelta(days=DAYS))
    return [
        TierFigures(tier, members, Decimal(members) / total if total else None, *moves.get(tier.pk, (0, 0)))
        for tier, members in counted
    ]


def _chart(at: datetime) -> Chart | None:
    rows = [(month, left) for month, left in points.outstanding_by_month(at) if month][:MONTHS_SHOWN]
    if not rows:
        return None
    most_month, most = max(rows, key=lambda row: row[1])
    language = get_language() or "en"
    names: list[str] = [_month(month) for month, _left in rows]
    return Chart(
        key="expiring",
        kind="bars",
        says=_("Most points end in %(month)s: %(points)s.")
        % {"month": _month(most_month), "points": money.number(most, language)},
        x=names,
        x_name=_("Month"),
        series=[
            Series(
                _("Points that end"),
                [left for _month, left in rows],
                links=[_members_of(month) for month, _left in rows],
            )
        ],
        csv_url=reverse("loyalty:liability_csv"),
    )


def _members_of(month: date) -> str:
    return f"{reverse('loyalty:member_list')}?ends={month:%Y-%m}"


def _month(month: Any) -> str:
    locale = babel_locale(get_language() or "en")
    return format_date(month, "MMM y" if locale == "en" else "y年M月", locale=locale)
