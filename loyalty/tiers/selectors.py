"""Tiers of members, their spend and the way to the next tier, for many customers at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet

from crm.kernel import periods
from crm.kernel.db import rows
from loyalty.points import programme
from loyalty.tiers import rules
from loyalty.tiers.models import Tier, TierGrant

# Net spend of the window in the base currency; `first` is when the oldest order of the window was placed.
SPEND = """
SELECT customer_id, sum((goods_total - refunded_total) * base_rate), min(placed_at)
FROM unnest(%(ids)s::bigint[], %(until)s::timestamptz[]) AS asked(customer_id, until)
JOIN customers_order o USING (customer_id)
WHERE o.status <> 'cancelled' AND o.placed_at >= %(start)s AND o.placed_at <= asked.until
GROUP BY customer_id
"""


@dataclass(frozen=True)
class Spend:
    """What a customer spent in the window, and until when the oldest part of it counts."""

    amount: Decimal = Decimal(0)
    counts_until: date | None = None


@dataclass(frozen=True)
class Standing:
    """A member's tier and the way to the next one: `until` is the last day on which today's spend still counts."""

    tier: Tier
    grant: TierGrant
    spend: Decimal
    next: Tier | None
    missing: Decimal
    until: date | None


def ladder() -> list[Tier]:
    """All tiers, lowest first. One query."""
    return rows.load(Tier, "ORDER BY rank", [])


def spends(customer_ids: Iterable[int], at: datetime, until: Mapping[int, datetime] | None = None) -> dict[int, Spend]:
    """Customer id → net spend of the rolling window that ends at `at`, up to an earlier instant for those in `until`. One query."""
    ids = list(customer_ids)
    zone = programme.zone()
    months = programme.settings().tier_months
    today = at.astimezone(ZoneInfo(zone)).date()
    start = periods.midnight(periods.add_months(today, -months), zone)
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"ids": ids, "start": start, "until": [(until or {}).get(each, at) for each in ids]})
        found = cursor.fetchall()
    return {
        customer_id: Spend(amount, periods.add_months(first.astimezone(ZoneInfo(zone)).date(), months))
        for customer_id, amount, first in found
    }


def present(customer_ids: Iterable[int]) -> dict[int, TierGrant]:
    """Customer id → the grant that holds now, with its tier. One query."""
    held = "WHERE t.customer_id = ANY(%s) AND t.ended_at IS NULL"
    return {grant.customer_id: grant for grant in rows.load(TierGrant, held, [list(customer_ids)], related="tier")}


def multipliers(held: Mapping[int, TierGrant]) -> dict[int, Decimal]:
    """Customer id → times the points by the tier that he holds."""
    on = programme.settings().tiers_on
    return {customer_id: grant.tier.multiplier for customer_id, grant in held.items() if on}


def standings(customer_ids: Iterable[int], at: datetime) -> dict[int, Standing]:
    """Customer id → tier with progress, for those who hold one. Three queries."""
    ids = list(customer_ids)
    tiers = {tier.pk: tier for tier in ladder()}
    bands = [tier.band for tier in tiers.values()]
    spent = spends(ids, at)
    found = {}
    for customer_id, grant in present(ids).items():
        spend = spent.get(customer_id, Spend())
        ahead = rules.progress(grant.tier.rank, spend.amount, bands)
        found[customer_id] = Standing(
            tier=grant.tier,
            grant=grant,
            spend=spend.amount,
            next=tiers[ahead.band.id] if ahead else None,
            missing=ahead.missing if ahead else Decimal(0),
            until=spend.counts_until,
        )
    return found


def get_standing(customer_id: int, at: datetime) -> Standing | None:
    """One customer's tier with progress; None for who is no member."""
    return standings([customer_id], at).get(customer_id)


def distribution() -> list[tuple[Tier, int]]:
    """Every tier with the number of members who hold it now. One query."""
    counted = Tier.objects.annotate(members=Count("grants", filter=Q(grants__ended_at=None))).order_by("rank")
    return [(tier, tier.members) for tier in counted]


def moves(since: datetime) -> dict[int, tuple[int, int]]:
    """Tier id → members who came up into it and members who came down into it since an instant. One query."""
    counted = (
        TierGrant.objects.filter(granted_at__gte=since)
        .values_list("tier_id")
        .annotate(up=Count("id", filter=Q(reason="reached")), down=Count("id", filter=Q(reason="lowered")))
        .order_by()
    )
    return {tier_id: (up, down) for tier_id, up, down in counted}


def history(customer_id: int) -> QuerySet[TierGrant]:
    """Every tier that a customer held, newest first."""
    return TierGrant.objects.filter(customer_id=customer_id).select_related("tier", "by").order_by("-granted_at", "-id")
