"""Tiers of members, their spend and what is missing to the next tier, for many customers at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import cursor_for_keys
from crm.kernel.time import periods
from customers.orders.models import Order
from customers.profiles.models import CustomerFact
from loyalty.points import program_settings
from loyalty.tiers import rules
from loyalty.tiers.models import Tier, TierGrant
from loyalty.tiers.queries import (
    CURRENT_GRANTS_SQL,
    CUSTOMERS_TO_RAISE_SQL,
    MULTIPLIERS_SQL,
    MULTIPLIERS_WHEN_PLACED_SQL,
    SPEND_BY_ORDER_SQL,
    SPEND_SQL,
    TIERS_BY_RANK_SQL,
)


@dataclass(frozen=True)
class WindowSpend:
    """What a customer spent in the window, and until when the oldest part of it counts."""

    amount: Decimal = Decimal(0)
    counts_until: date | None = None


@dataclass(frozen=True)
class TierStanding:
    """A member's tier and what is missing to the next; `until` is the last day on which today's spend counts in full."""

    tier: Tier
    grant: TierGrant
    spend: Decimal
    next: Tier | None
    missing: Decimal
    until: date | None


def tiers_by_rank() -> list[Tier]:
    """All tiers, lowest first. One query."""
    return sql_rows.load_instances(Tier, TIERS_BY_RANK_SQL, [])


def customer_spends(customer_ids: Iterable[int], at: datetime) -> dict[int, WindowSpend]:
    """Customer id → net spend of the rolling window that ends at an instant. One query."""
    ids, zone = list(customer_ids), program_settings.program_time_zone()
    months, start = program_settings.loyalty_settings().tier_months, _window_start(at)
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(SPEND_SQL, {"ids": ids, "start": start, "at": at})
        rows = cursor.fetchall()
    return {
        customer_id: WindowSpend(amount, periods.add_months(first.astimezone(ZoneInfo(zone)).date(), months))
        for customer_id, amount, first in rows
    }


def customer_spends_by_order(order_ids: Sequence[int], at: datetime) -> dict[int, Decimal]:
    """Order id → what its customer had spent up to and with it, in the window that ends at `at`. One query."""
    with cursor_for_keys(len(order_ids)) as cursor:
        cursor.execute(SPEND_BY_ORDER_SQL, {"ids": order_ids, "start": _window_start(at)})
        return dict(cursor.fetchall())


def customers_to_raise(
    customer_ids: Iterable[int], at: datetime, until: Mapping[int, datetime]
) -> list[tuple[int, Decimal, int]]:
    """(customer id, spend, rank held or −1) of the customers who have reached a higher tier, by id. One query.

    `until` counts a customer's orders only up to an earlier instant than `at`.
    """
    ids = sorted(set(customer_ids))
    params = {
        "ids": ids,
        "until": [until.get(customer_id, at) for customer_id in ids],
        "start": _window_start(at),
    }
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(CUSTOMERS_TO_RAISE_SQL, params)
        rows: list[tuple[int, Decimal, int]] = cursor.fetchall()
    return rows


def _window_start(at: datetime) -> datetime:
    zone = program_settings.program_time_zone()
    today = at.astimezone(ZoneInfo(zone)).date()
    return periods.local_midnight(periods.add_months(today, -program_settings.loyalty_settings().tier_months), zone)


def current_grants(customer_ids: Iterable[int]) -> dict[int, TierGrant]:
    """Customer id → the grant that holds now, with its tier; empty while tiers are off. One query."""
    if not program_settings.loyalty_settings().tiers_on:
        return {}
    grants = sql_rows.load_instances(TierGrant, CURRENT_GRANTS_SQL, [list(customer_ids)], related="tier")
    return {grant.customer_id: grant for grant in grants}


def grants_without_fact(limit: int) -> list[TierGrant]:
    """Present grants, with tiers, of customers whose tier is not among the facts; at most `limit`. One query."""
    tier_facts = CustomerFact.objects.filter(kind="tier", customer=OuterRef("customer"))
    grants = TierGrant.objects.filter(~Exists(tier_facts), ended_at=None).select_related("tier")
    return list(grants.order_by("customer_id")[:limit])


def points_multipliers(customer_ids: Iterable[int]) -> dict[int, Decimal]:
    """Customer id → the multiplier of their tier, where it is not 1; empty while tiers are off. One query."""
    ids = list(customer_ids)
    if not program_settings.loyalty_settings().tiers_on:
        return {}
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(MULTIPLIERS_SQL, [ids])
        return dict(cursor.fetchall())


def multipliers_when_placed(orders: Sequence[Order]) -> dict[int, Decimal]:
    """Order id → the multiplier of the tier that its customer held when it was placed, where it is not 1. One query.

    Empty while tiers are off.
    """
    if not orders or not program_settings.loyalty_settings().tiers_on:
        return {}
    columns = [[getattr(order, name) for order in orders] for name in ("pk", "customer_id", "placed_at")]
    with cursor_for_keys(len(orders)) as cursor:
        cursor.execute(MULTIPLIERS_WHEN_PLACED_SQL, columns)
        return dict(cursor.fetchall())


def tier_standings(customer_ids: Iterable[int], at: datetime) -> dict[int, TierStanding]:
    """Customer id → tier and progress, for customers who hold one; empty while tiers are off. Three queries."""
    if not program_settings.loyalty_settings().tiers_on:
        return {}
    ids = list(customer_ids)
    tiers = {tier.pk: tier for tier in tiers_by_rank()}
    bands = [tier.band for tier in tiers.values()]
    spent = customer_spends(ids, at)
    standings = {}
    for customer_id, grant in current_grants(ids).items():
        spend = spent.get(customer_id, WindowSpend())
        progress = rules.progress_to_next_band(grant.tier.rank, spend.amount, bands)
        standings[customer_id] = TierStanding(
            tier=grant.tier,
            grant=grant,
            spend=spend.amount,
            next=tiers[progress.band.id] if progress else None,
            missing=progress.missing if progress else Decimal(0),
            until=spend.counts_until,
        )
    return standings


def get_tier_standing(customer_id: int, at: datetime) -> TierStanding | None:
    """One customer's tier and progress; None if they hold none."""
    return tier_standings([customer_id], at).get(customer_id)


def member_counts_by_tier() -> list[tuple[Tier, int]]:
    """Every tier with the number of members who hold it now. One query."""
    counted = Tier.objects.annotate(members=Count("grants", filter=Q(grants__ended_at=None))).order_by("rank")
    return [(tier, tier.members) for tier in counted]


def tier_changes(since: datetime) -> dict[int, tuple[int, int]]:
    """Tier id → (members raised into it, members lowered into it) since an instant. One query."""
    counted = (
        TierGrant.objects.filter(granted_at__gte=since)
        .values_list("tier_id")
        .annotate(raised=Count("id", filter=Q(reason="reached")), lowered=Count("id", filter=Q(reason="lowered")))
        .order_by()
    )
    return {tier_id: (raised, lowered) for tier_id, raised, lowered in counted}


def tier_history(customer_id: int) -> QuerySet[TierGrant]:
    """Every tier that a customer held, newest first."""
    return TierGrant.objects.filter(customer_id=customer_id).select_related("tier", "by").order_by("-granted_at", "-id")
