"""The members list: who, which tier, how many points, what ends next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from crm.kernel.money import Money
from crm.kernel.ui.listing.keyset import Listing, ListPage
from customers.profiles import search
from loyalty.points import selectors as points
from loyalty.points.models import PointsAccount
from loyalty.points.selectors import PointsBalance
from loyalty.rewards import quotes
from loyalty.tiers import selectors as tiers
from loyalty.tiers.models import Tier, TierGrant

SORTS = {"points": ("posted", "id"), "name": ("customer__sort_key", "id"), "joined": ("opened_at", "id")}


@dataclass(frozen=True)
class MemberRow:
    """A row of the list."""

    account: PointsAccount
    balance: PointsBalance
    worth: Money
    tier: Tier | None


def member_listing(user: Any, chosen: dict[str, Any], at: datetime) -> Listing:
    """The members whom the user may see, narrowed by the filters; most points first."""
    rows: QuerySet[PointsAccount] = points.accounts_visible_to(user)
    if "q" in chosen:
        rows = rows.filter(search.search_condition(chosen["q"], "customer__search_text"))
    if "tier" in chosen:
        rows = rows.filter(
            customer__in=TierGrant.objects.filter(ended_at=None, tier__code=chosen["tier"]).values("customer")
        )
    if "ends" in chosen:
        rows = rows.filter(pk__in=points.lots_ending_in_month(chosen["ends"], at).values("account"))
    return Listing(rows, SORTS, "-points")


def member_rows(page: ListPage, at: datetime) -> list[MemberRow]:
    """The page's rows with balance and tier. Two queries."""
    ids = [account.customer_id for account in page.rows]
    balances, held = points.points_balances(ids, at), tiers.current_grants(ids)
    return [
        MemberRow(
            account,
            balances[account.customer_id],
            quotes.points_value(max(balances[account.customer_id].available, 0)),
            held[account.customer_id].tier if account.customer_id in held else None,
        )
        for account in page.rows
    ]
