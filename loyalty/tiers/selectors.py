"""Tiers of members, their spend and the way to the next tier, for many customers at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import cursor_for_keys
from crm.kernel.time import periods
from loyalty.points import program_settings
from loyalty.tiers import rules
from loyalty.tiers.models import Tier, TierGrant

# Net spend of the window in the base currency; `first` is when the oldest order of the window was placed.
SPEND_SQL = """
SELECT customer_id, sum((goods_total - refunded_total) * base_rate), min(placed_at)
FROM customers_order
WHERE customer_id = ANY(%(ids)s) AND status <> 'cancelled' AND placed_at >= %(start)s AND placed_at <= %(at)s
GROUP BY customer_id
"""
# With an order counts what was placed at the same instant.
SPEND_BY_ORDER_SQL = """
SELECT id, amount FROM (
  SELECT id, coalesce(sum((goods_total - refunded_total) * base_rate)
                      FILTER (WHERE status <> 'cancelled' AND placed_at >= %(start)s) OVER placed, 0) AS amount
  FROM customers_order WHERE customer_id IN (SELECT customer_id FROM customers_order WHERE id = ANY(%(ids)s))
  WINDOW placed AS (PARTITION BY customer_id ORDER BY placed_at)
) o WHERE id = ANY(%(ids)s)
"""
MULTIPLIERS_SQL = """
SELECT g.customer_id, t.multiplier FROM loyalty_tiergrant g JOIN loyalty_tier t ON t.id = g.tier_id
WHERE g.customer_id = ANY(%s) AND g.ended_at IS NULL AND t.multiplier <> 1
"""
# Who has reached a tier above the one that he holds; newcomers hold none.
CUSTOMERS_TO_RAISE_SQL = """
WITH spent AS (
  SELECT asked.customer_id, coalesce(sum((o.goods_total - o.refunded_total) * o.base_rate), 0) AS amount
  FROM unnest(%(ids)s::bigint[], %(until)s::timestamptz[]) AS asked(customer_id, until)
  LEFT JOIN customers_order o ON o.customer_id = asked.customer_id AND o.status <> 'cancelled'
       AND o.placed_at >= %(start)s AND o.placed_at <= asked.until
  GROUP BY asked.customer_id
)
SELECT s.customer_id, s.amount, coalesce(held.rank, -1)
FROM spent s
LEFT JOIN loyalty_tiergrant g ON g.customer_id = s.customer_id AND g.ended_at IS NULL
LEFT JOIN loyalty_tier held ON held.id = g.tier_id
WHERE EXISTS (SELECT FROM loyalty_tier t WHERE t.enter_at <= s.amount AND t.rank > coalesce(held.rank, -1))
ORDER BY s.customer_id
"""


@dataclass(frozen=True)
class WindowSpend:
    """What a customer spent in the window, and until when the oldest part of it counts."""

    amount: Decimal = Decimal(0)
    counts_until: date | None = None


@dataclass(frozen=True)
class TierStanding:
    """A member's tier and the way to the next one: `until` is the last day on which today's spend still counts."""

    tier: Tier
    grant: TierGrant
    spend: Decimal
    next: Tier | None
    missing: Decimal
    until: date | None


def tiers_by_rank() -> list[Tier]:
    """All tiers, lowest first. One query."""
    return sql_rows.load_instances(Tier, "ORDER BY rank", [])


def customer_spends(customer_ids: Iterable[int], at: datetime) -> dict[int, WindowSpend]:
    """Customer id → net spend of the rolling window that ends at an instant. One query."""
    ids, zone = list(customer_ids), program_settings.program_time_zone()
    months, start = program_settings.loyalty_settings().tier_months, _window_start(at)
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(SPEND_SQL, {"ids": ids, "start": start, "at": at})
        found = cursor.fetchall()
    return {
        customer_id: WindowSpend(amount, periods.add_months(first.astimezone(ZoneInfo(zone)).date(), months))
        for customer_id, amount, first in found
    }


def customer_spends_by_order(order_ids: Sequence[int], at: datetime) -> dict[int, Decimal]:
    """Order id → what its customer had spent with it, in the window that ends at an instant. One query."""
    with cursor_for_keys(len(order_ids)) as cursor:
        cursor.execute(SPEND_BY_ORDER_SQL, {"ids": order_ids, "start": _window_start(at)})
        return dict(cursor.fetchall())


def customers_to_raise(
    customer_ids: Iterable[int], at: datetime, until: Mapping[int, datetime]
) -> list[tuple[int, Decimal, int]]:
    """(customer id, spend, rank held or −1) of those who have reached a higher tier, by id. One query.

    `until` counts a customer's orders only up to an earlier instant than `at`.
    """
    ids = sorted(set(customer_ids))
    asked = {"ids": ids, "until": [until.get(each, at) for each in ids], "start": _window_start(at)}
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(CUSTOMERS_TO_RAISE_SQL, asked)
        found: list[tuple[int, Decimal, int]] = cursor.fetchall()
    return found


def _window_start(at: datetime) -> datetime:
    zone = program_settings.program_time_zone()
    today = at.astimezone(ZoneInfo(zone)).date()
    return periods.local_midnight(periods.add_months(today, -program_settings.loyalty_settings().tier_months), zone)


def current_grants(customer_ids: Iterable[int]) -> dict[int, TierGrant]:
    """Customer id → the grant that holds now, with its tier. One query."""
    held = "WHERE t.customer_id = ANY(%s) AND t.ended_at IS NULL"
    return {
        grant.customer_id: grant
        for grant in sql_rows.load_instances(TierGrant, held, [list(customer_ids)], related="tier")
    }


def points_multipliers(customer_ids: Iterable[int]) -> dict[int, Decimal]:
    """Customer id → times the points, where it is not once. One query."""
    ids = list(customer_ids)
    if not program_settings.loyalty_settings().tiers_on:
        return {}
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(MULTIPLIERS_SQL, [ids])
        return dict(cursor.fetchall())


def tier_standings(customer_ids: Iterable[int], at: datetime) -> dict[int, TierStanding]:
    """Customer id → tier with progress, for those who hold one. Three queries."""
    ids = list(customer_ids)
    tiers = {tier.pk: tier for tier in tiers_by_rank()}
    bands = [tier.band for tier in tiers.values()]
    spent = customer_spends(ids, at)
    found = {}
    for customer_id, grant in current_grants(ids).items():
        spend = spent.get(customer_id, WindowSpend())
        ahead = rules.progress_to_next_band(grant.tier.rank, spend.amount, bands)
        found[customer_id] = TierStanding(
            tier=grant.tier,
            grant=grant,
            spend=spend.amount,
            next=tiers[ahead.band.id] if ahead else None,
            missing=ahead.missing if ahead else Decimal(0),
            until=spend.counts_until,
        )
    return found


def get_tier_standing(customer_id: int, at: datetime) -> TierStanding | None:
    """One customer's tier with progress; None for who is no member."""
    return tier_standings([customer_id], at).get(customer_id)


def member_counts_by_tier() -> list[tuple[Tier, int]]:
    """Every tier with the number of members who hold it now. One query."""
    counted = Tier.objects.annotate(members=Count("grants", filter=Q(grants__ended_at=None))).order_by("rank")
    return [(tier, tier.members) for tier in counted]


def tier_changes(since: datetime) -> dict[int, tuple[int, int]]:
    """Tier id → members who came up into it and members who came down into it since an instant. One query."""
    counted = (
        TierGrant.objects.filter(granted_at__gte=since)
        .values_list("tier_id")
        .annotate(up=Count("id", filter=Q(reason="reached")), down=Count("id", filter=Q(reason="lowered")))
        .order_by()
    )
    return {tier_id: (up, down) for tier_id, up, down in counted}


def tier_history(customer_id: int) -> QuerySet[TierGrant]:
    """Every tier that a customer held, newest first."""
    return TierGrant.objects.filter(customer_id=customer_id).select_related("tier", "by").order_by("-granted_at", "-id")
