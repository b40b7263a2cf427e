"""Opening and locking points accounts: the account's row is the lock of everything that hangs on it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.profiles.models import Customer
from loyalty.points.models import PointsAccount
from loyalty.points.rules import SpendableLot

# The ids stand in every part: with them as constants each table is looked up by its key, however much it holds.
OPEN_SQL = """
INSERT INTO loyalty_pointsaccount (customer_id, posted, debt, opened_at)
SELECT customer_id, 0, 0, coalesce(least(s.first_order_at, %(at)s), %(at)s)
FROM unnest(%(ids)s::bigint[]) AS t(customer_id)
LEFT JOIN (SELECT customer_id, first_order_at FROM customers_customersummary WHERE customer_id = ANY(%(ids)s)) s USING (customer_id)
WHERE NOT EXISTS (SELECT 1 FROM loyalty_pointsaccount a WHERE a.customer_id = t.customer_id AND a.customer_id = ANY(%(ids)s))
ORDER BY customer_id ON CONFLICT (customer_id) DO NOTHING
"""
# Accounts opened here are locked by being new. What another transaction opened at the same moment stands in neither part.
LOCK_SQL = f"""
WITH opened AS ({OPEN_SQL} RETURNING id, customer_id, posted, debt, opened_at),
standing AS (
  SELECT id, customer_id, posted, debt, opened_at FROM loyalty_pointsaccount WHERE customer_id = ANY(%(ids)s)
  ORDER BY id FOR NO KEY UPDATE)
SELECT * FROM opened UNION ALL SELECT * FROM standing
"""
COLUMNS = ["id", "customer_id", "posted", "debt", "opened_at"]


def lock_account(customer: Customer, at: datetime) -> PointsAccount:
    """The customer's account, opened where there is none, locked until the transaction ends."""
    return lock_accounts([customer.pk], at)[customer.pk]


def open_accounts(customer_ids: Iterable[int], at: datetime) -> None:
    """Make the customers members: each has an account, as of the first order. One statement."""
    ids = sorted(set(customer_ids))
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(OPEN_SQL, {"ids": ids, "at": at})


def lock_accounts(customer_ids: Iterable[int], at: datetime) -> dict[int, PointsAccount]:
    """Accounts of many customers, locked in the order of their ids; customer id → account. One statement.

    Whoever loses the race to open one has waited for the winner, and locks it by asking again.
    """
    ids = sorted(set(customer_ids))
    found: dict[int, PointsAccount] = {}
    with cursor_for_keys(len(ids)) as cursor:
        while len(found) < len(ids):
            cursor.execute(LOCK_SQL, {"ids": ids, "at": at})
            rows = [PointsAccount.from_db(connection.alias, COLUMNS, row) for row in cursor.fetchall()]
            found = {account.customer_id: account for account in rows}
    return found


REMAINING_LOTS_SQL = """
SELECT account_id, id, remaining, earned_at, available_at, expires_at FROM loyalty_pointslot
WHERE account_id = ANY(%s) AND remaining > 0
"""


def remaining_lots(account_ids: Iterable[int]) -> dict[int, list[SpendableLot]]:
    """Lots with something left, of locked accounts: account id → lots, in no order. One query."""
    found: dict[int, list[SpendableLot]] = {}
    ids = list(account_ids)
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(REMAINING_LOTS_SQL, [ids])
        for account_id, *lot in cursor.fetchall():
            found.setdefault(account_id, []).append(SpendableLot(*lot))
    return found
