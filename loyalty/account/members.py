"""The members list: who, which tier, how many points, what expires next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.money import Money
from crm.kernel.templatetags import crm as written
from crm.kernel.ui.key_figures import KeyFigure
from crm.kernel.ui.listing.keyset import Listing, ListPage
from customers.profiles import search
from loyalty.account.selectors import MemberAccount
from loyalty.points import selectors as points
from loyalty.points.models import PointsAccount
from loyalty.points.selectors import PointsBalance
from loyalty.rewards import quotes
from loyalty.tiers import selectors as tiers
from loyalty.tiers.models import Tier, TierGrant
from loyalty.tiers.selectors import TierStanding

SORTS = {"points": ("posted", "id"), "name": ("customer__sort_key", "id"), "joined": ("opened_at", "id")}


@dataclass(frozen=True)
class MemberRow:
    """A member in the list."""

    account: PointsAccount
    balance: PointsBalance
    points_value: Money
    tier: Tier | None


def member_listing(user: User, filters: dict[str, Any], at: datetime) -> Listing:
    """Members whom the user may see, narrowed by `MemberFilterForm.chosen_filters`; most points first."""
    rows: QuerySet[PointsAccount] = points.accounts_visible_to(user)
    if "q" in filters:
        rows = rows.filter(search.search_condition(filters["q"], "customer__search_text"))
    if "tier" in filters:
        rows = rows.filter(
            customer__in=TierGrant.objects.filter(ended_at=None, tier__code=filters["tier"]).values("customer")
        )
    if "ends" in filters:
        rows = rows.filter(pk__in=points.lots_ending_in_month(filters["ends"], at).values("account"))
    return Listing(rows, SORTS, "-points")


def member_rows(page: ListPage, at: datetime) -> list[MemberRow]:
    """The rows of the page with balance and tier. Two queries."""
    ids = [account.customer_id for account in page.rows]
    balances, grants = points.points_balances(ids, at), tiers.current_grants(ids)
    return [
        MemberRow(
            account,
            balances[account.customer_id],
            quotes.points_value(max(balances[account.customer_id].available, 0)),
            grants[account.customer_id].tier if account.customer_id in grants else None,
        )
        for account in page.rows
    ]


def member_key_figures(account: MemberAccount) -> list[KeyFigure]:
    """What one member has: points to spend, points to come, what expires next, spend on the way to the next tier."""
    balance, worth = account.balance, account.points_value
    next_expiry = _("on %(day)s") % {"day": written.day(balance.next_day)} if balance.next_day else _("nothing expires")
    points_figures = [
        KeyFigure(
            _("Available"),
            written.number(balance.available),
            note=_("worth %(worth)s") % {"worth": written.money(worth.amount, worth.currency)},
        ),
        KeyFigure(
            pgettext("points", "Pending"), written.number(balance.pending), note=_("usable after the return window")
        ),
        KeyFigure(_("Expires next"), written.number(balance.next_points), note=next_expiry),
    ]
    figures = points_figures if account.shows_points else []
    return [*figures, _spend_figure(account.tier_standing)] if account.tier_standing else figures


def _spend_figure(standing: TierStanding) -> KeyFigure:
    currency = company.get_company().base_currency
    spend = written.money_whole(standing.spend, currency)
    if standing.next is None:
        return KeyFigure(_("Spend in 12 months"), spend, note=_("top tier"))
    missing = {"missing": written.money(standing.missing, currency), "tier": standing.next.name}
    until = _("by %(day)s") % {"day": written.day(standing.until)} if standing.until else ""
    return KeyFigure(_("Spend in 12 months"), spend, note=_("%(missing)s more to %(tier)s") % missing, detail=until)
