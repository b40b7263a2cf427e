"""Balances, pending and expiring points, the ledger of a customer and the totals over all members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from crm.kernel.auth.models import User
from crm.kernel.time import periods
from customers.orders.models import Order
from customers.profiles.models import Customer
from loyalty.points import program_settings, rules
from loyalty.points.choices import EntryKind
from loyalty.points.models import EarningRule, LedgerEntry, LedgerProof, PointsAccount, PointsLot
from loyalty.points.queries import (
    BALANCES_SQL,
    EXPIRING_SQL,
    OUTFLOW_BY_MONTH_SQL,
    OUTSTANDING_BY_MONTH_SQL,
    TOTALS_SQL,
)


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
    """Unexpired points whose last local day is on or before a day, per customer and day, by day; the ledger's own sum.

    `customers` narrows to customer ids. One query.
    """
    zone = program_settings.program_time_zone()
    params = {
        "at": at,
        "until": rules.end_of_day(on_or_before, zone),
        "ids": None if customers is None else list(customers),
    }
    with connection.cursor() as cursor:
        cursor.execute(EXPIRING_SQL, params)
        return [
            ExpiringPoints(customer_id, points, ends, rules.expiry_day(ends, zone))
            for customer_id, points, ends in cursor.fetchall()
        ]


def customer_expiring_points(customer_id: int, *, at: datetime) -> list[ExpiringPoints]:
    """One customer's points by the day on which they expire, earliest first; those that never expire left out. One query."""
    return expiring_points(date(9000, 1, 1), [customer_id], at=at)


def outstanding_points_by_month(at: datetime) -> list[tuple[date | None, int]]:
    """Points of all accounts by the month in which they expire (None: never); the sum is what is outstanding. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OUTSTANDING_BY_MONTH_SQL, {"at": at, "zone": program_settings.program_time_zone()})
        return list(cursor.fetchall())


def ledger_history(customer_id: int) -> QuerySet[LedgerEntry]:
    """A customer's entries with rule, order and staff, in no order: the caller sorts and pages.

    New content of an order that changed no points is left out.
    """
    entries = LedgerEntry.objects.filter(account__customer_id=customer_id).exclude(kind=EntryKind.EARN, points=0)
    return entries.select_related("rule", "actor", "order")


def order_entries(order: Order) -> list[LedgerEntry]:
    """Entries by which an order earned points, lost them and was paid with them, oldest first. One query."""
    of_order = Q(order=order) | Q(order_ref=f"{order.source}:{order.number}")
    entries = LedgerEntry.objects.filter(of_order, account__customer=order.customer_id)
    return list(entries.select_related("rule").order_by("at", "pk"))


def find_ledger_entry(customer_id: int, entry_id: int) -> LedgerEntry | None:
    """One entry of a customer, with their account; None if it is not theirs. One query."""
    return ledger_history(customer_id).filter(pk=entry_id).select_related("account__customer").first()


def accounts_visible_to(user: User) -> QuerySet[PointsAccount]:
    """Accounts of the customers whom a user may see, with the customers."""
    return PointsAccount.objects.filter(customer__in=Customer.objects.visible_to(user)).select_related("customer")


def lots_ending_in_month(month: date, at: datetime) -> QuerySet[PointsLot]:
    """Unexpired lots whose last local day lies in the month that starts on `month`."""
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
        return {month: (used, expired) for month, used, expired in cursor.fetchall()}


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
    """The nightly checks since an instant, newest first, without their differences. One query."""
    return list(LedgerProof.objects.filter(made_at__gte=since).defer("differences").order_by("-made_at"))


def points_totals(at: datetime) -> dict[str, Any]:
    """Accounts, and points outstanding, pending and owed over all of them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS_SQL, {"at": at})
        members, debt, points, pending = cursor.fetchone()
    return {"members": members, "debt": debt, "outstanding": points, "pending": pending}
