"""Opening and locking points accounts: the account's row is the lock of everything that hangs on it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from customers.profiles.models import Customer
from loyalty.points.models import PointsAccount, PointsLot
from loyalty.points.rules import Lot

OPEN = """
INSERT INTO loyalty_pointsaccount (customer_id, posted, debt, opened_at)
SELECT customer_id, 0, 0, coalesce(least(s.first_order_at, %(at)s), %(at)s)
FROM unnest(%(ids)s::bigint[]) AS t(customer_id) LEFT JOIN customers_customersummary s USING (customer_id)
WHERE NOT EXISTS (SELECT 1 FROM loyalty_pointsaccount a WHERE a.customer_id = t.customer_id)
ORDER BY customer_id ON CONFLICT (customer_id) DO NOTHING
"""


def lock(customer: Customer, at: datetime) -> PointsAccount:
    """The customer's account, opened where there is none, locked until the transaction ends."""
    return lock_many([customer.pk], at)[customer.pk]


def open_many(customer_ids: Iterable[int], at: datetime) -> None:
    """Make the customers members: each has an account, as of the first order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"ids": sorted(set(customer_ids)), "at": at})


def lock_many(customer_ids: Iterable[int], at: datetime) -> dict[int, PointsAccount]:
    """Accounts of many customers, locked in the order of their ids; customer id → account. Two statements."""
    ids = sorted(set(customer_ids))
    open_many(ids, at)
    rows = PointsAccount.objects.filter(customer_id__in=ids).order_by("pk").select_for_update(no_key=True)
    return {account.customer_id: account for account in rows}


def open_lots(account_ids: Iterable[int]) -> dict[int, list[Lot]]:
    """Lots with something left, of locked accounts: account id → lots, in no order. One query."""
    found: dict[int, list[Lot]] = {}
    rows = PointsLot.objects.filter(account_id__in=list(account_ids), remaining__gt=0)
    columns = rows.values_list("account_id", "id", "remaining", "earned_at", "available_at", "expires_at")
    for account_id, lot_id, remaining, earned_at, available_at, expires_at in columns:
        found.setdefault(account_id, []).append(Lot(lot_id, remaining, earned_at, available_at, expires_at))
    return found
