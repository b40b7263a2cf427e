"""Balances, what is pending, what expires: reads for many accounts at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from crm.kernel.time import periods
from customers.orders.models import Order
from customers.profiles.models import Customer
from loyalty.points import program_settings, rules
from loyalty.points.models import EarningRule, LedgerEntry, LedgerProof, PointsAccount, PointsLot


@dataclass(frozen=True)
class PointsBalance:
    """An account at an instant: `available` can be spent now (below zero: debt), `pending` comes later."""

    posted: int = 0
    debt: int = 0
    available: int = 0
    pending: int = 0
    next_points: int = 0
    next_day: date | None = None


@dataclass(frozen=True)
class ExpiringPoints:
    """Points of one customer that end together; `day` is the last local day on which they can be used."""

    customer_id: int
    points: int
    expires_at: datetime
    day: date


BALANCES_SQL = """
SELECT a.customer_id, a.posted, a.debt,
       coalesce(sum(l.remaining) FILTER (WHERE l.available_at <= %(at)s), 0)::bigint - a.debt AS available,
       coalesce(sum(l.remaining) FILTER (WHERE l.available_at > %(at)s), 0)::bigint AS pending,
       coalesce(sum(l.remaining) FILTER (WHERE l.expires_at = l.first_end), 0)::bigint AS next_points,
       min(l.first_end) AS next_end
FROM loyalty_pointsaccount a
LEFT JOIN LATERAL (
  SELECT remaining, available_at, expires_at, min(expires_at) OVER () AS first_end
  FROM loyalty_pointslot WHERE account_id = a.id AND remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)
) l ON true
WHERE a.customer_id = ANY(%(ids)s)
GROUP BY a.id
"""
EXPIRING_SQL = """
SELECT a.customer_id, sum(l.remaining)::bigint, l.expires_at
FROM loyalty_pointslot l JOIN loyalty_pointsaccount a ON a.id = l.account_id
WHERE l.remaining > 0 AND l.expires_at > %(at)s AND l.expires_at <= %(until)s
  AND (%(ids)s::bigint[] IS NULL OR a.customer_id = ANY(%(ids)s))
GROUP BY a.customer_id, l.expires_at
ORDER BY l.expires_at, a.customer_id
"""
OUTSTANDING_BY_MONTH_SQL = """
SELECT date_trunc('month', (expires_at AT TIME ZONE %(zone)s) - interval '1 microsecond')::date AS month, sum(remaining)::bigint
FROM loyalty_pointslot WHERE remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)
GROUP BY 1 ORDER BY 1 NULLS LAST
"""
OUTFLOW_BY_MONTH_SQL = """
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date AS month,
       -coalesce(sum(points) FILTER (WHERE kind <> 'expire'), 0)::bigint,
       -coalesce(sum(points) FILTER (WHERE kind = 'expire'), 0)::bigint
FROM loyalty_ledgerentry WHERE at >= %(since)s AND kind IN ('spend', 'return', 'expire') GROUP BY 1
"""


def points_balances(customer_ids: Iterable[int], at: datetime) -> dict[int, PointsBalance]:
    """Customer id → balance, for those who have an account. One query."""
    zone = program_settings.program_time_zone()
    with connection.cursor() as cursor:
        cursor.execute(BALANCES_SQL, {"at": at, "ids": list(customer_ids)})
        rows = cursor.fetchall()
    return {
        customer_id: PointsBalance(
            posted, debt, available, pending, next_points, rules.expiry_day(next_end, zone) if next_end else None
        )
        for customer_id, posted, debt, available, pending, next_points, next_end in rows
    }


def get_points_balance(customer_id: int, at: datetime) -> PointsBalance:
    """One customer's balance; all zero where there is no account."""
    return points_balances([customer_id], at).get(customer_id, PointsBalance())


def expiring_points(
    on_or_before: date, customers: Iterable[int] | None = None, *, at: datetime
) -> list[ExpiringPoints]:
    """Unexpired points whose last local day is on or before a day, per customer and day; equals the ledger's sum. One query."""
    zone = program_settings.program_time_zone()
    ids = None if customers is None else list(customers)
    with connection.cursor() as cursor:
        cursor.execute(EXPIRING_SQL, {"at": at, "until": rules.end_of_day(on_or_before, zone), "ids": ids})
        return [
            ExpiringPoints(customer_id, points, ends, rules.expiry_day(ends, zone))
            for customer_id, points, ends in cursor.fetchall()
        ]


def expiring_lots(customer_id: int, *, at: datetime) -> list[ExpiringPoints]:
    """All that one customer's points will end on, earliest first; what never ends is left out. One query."""
    return expiring_points(date(9000, 1, 1), [customer_id], at=at)


def outstanding_points_by_month(at: datetime) -> list[tuple[date | None, int]]:
    """Points left by the month in which they end (None: never), over all accounts; sums to what is outstanding. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OUTSTANDING_BY_MONTH_SQL, {"at": at, "zone": program_settings.program_time_zone()})
        return list(cursor.fetchall())


def ledger_history(customer_id: int) -> QuerySet[LedgerEntry]:
    """A customer's entries with rule and staff, newest first by the caller's paging."""
    return LedgerEntry.objects.filter(account__customer_id=customer_id).select_related("rule", "actor", "order")


def order_entries(order: Order) -> list[LedgerEntry]:
    """What an order earned, lost again and was paid with, oldest first. One query."""
    mine = Q(order=order) | Q(order_ref=f"{order.source}:{order.number}")
    entries = LedgerEntry.objects.filter(mine, account__customer=order.customer_id)
    return list(entries.select_related("rule").order_by("at", "pk"))


def find_ledger_entry(customer_id: int, entry_id: int) -> LedgerEntry | None:
    """One of a customer's entries."""
    return ledger_history(customer_id).filter(pk=entry_id).select_related("account__customer").first()


def accounts_visible_to(user: Any) -> QuerySet[PointsAccount]:
    """Accounts of the customers inside a user's record scope, with their customers."""
    return PointsAccount.objects.filter(customer__in=Customer.objects.visible_to(user)).select_related("customer")


def lots_ending_in_month(month: date, at: datetime) -> QuerySet[PointsLot]:
    """Unexpired lots whose last day lies in a local month."""
    zone = program_settings.program_time_zone()
    start = periods.local_midnight(month, zone)
    end = periods.local_midnight(periods.add_months(month, 1), zone)
    return PointsLot.objects.filter(remaining__gt=0, expires_at__gt=max(start, at), expires_at__lte=end)


def points_outflow(since: datetime, until: datetime) -> dict[str, int]:
    """Points spent, returned and expired between two instants, over all members: kind → Σ. One query."""
    rows = (
        LedgerEntry.objects.filter(at__gte=since, at__lt=until, kind__in=["spend", "return", "expire"])
        .values_list("kind")
        .annotate(Sum("points"))
        .order_by()
    )
    return dict(rows)


def points_outflow_by_month(first: date) -> dict[date, tuple[int, int]]:
    """Points used and points expired by local month, from the first of a month on. One query over the outflow's index."""
    zone = program_settings.program_time_zone()
    with connection.cursor() as cursor:
        cursor.execute(OUTFLOW_BY_MONTH_SQL, {"since": periods.local_midnight(first, zone), "zone": zone})
        return {month: (used, lapsed) for month, used, lapsed in cursor.fetchall()}


def current_earning_rules() -> QuerySet[EarningRule]:
    """The version in force of every rule."""
    return EarningRule.objects.filter(ended_at=None).order_by("code")


def earning_rule_history() -> QuerySet[EarningRule]:
    """Every version of every rule, newest first."""
    return EarningRule.objects.select_related("made_by").order_by("code", "-version")


def latest_ledger_proof() -> LedgerProof | None:
    """The newest check of the whole ledger."""
    return LedgerProof.objects.order_by("-made_at").first()


def ledger_proofs(since: datetime) -> list[LedgerProof]:
    """The nightly checks since an instant, newest first; what each found is left out. One query."""
    return list(LedgerProof.objects.filter(made_at__gte=since).defer("differences").order_by("-made_at"))


def points_totals(at: datetime) -> dict[str, Any]:
    """Accounts, and points outstanding, pending and owed over all of them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM loyalty_pointsaccount), (SELECT coalesce(sum(debt), 0)::bigint FROM loyalty_pointsaccount),"
            " coalesce(sum(remaining), 0)::bigint, coalesce(sum(remaining) FILTER (WHERE available_at > %(at)s), 0)::bigint"
            " FROM loyalty_pointslot WHERE remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)",
            {"at": at},
        )
        members, debt, points, pending = cursor.fetchone()
    return {"members": members, "debt": debt, "outstanding": points, "pending": pending}
