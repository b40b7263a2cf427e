"""Opening and locking points accounts: the account's row is the lock of everything that hangs on it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from crm.kernel.db.prepared_statements import cursor_for_keys
from customers.profiles.models import Customer
from loyalty.points.models import PointsAccount
from loyalty.points.queries import LOCK_ACCOUNTS_SQL, OPEN_ACCOUNTS_SQL, REMAINING_LOTS_SQL
from loyalty.points.rules import SpendableLot

LOCKED_COLUMNS = ["id", "customer_id", "posted", "debt", "opened_at"]


def lock_account(customer: Customer, at: datetime) -> PointsAccount:
    """Return the customer's account, opened if there is none, locked until the transaction ends."""
    return lock_accounts([customer.pk], at)[customer.pk]


def open_accounts(customer_ids: Iterable[int], at: datetime) -> None:
    """Make the customers members: each has an account, dated to their first order. One statement."""
    ids = sorted(set(customer_ids))
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(OPEN_ACCOUNTS_SQL, {"ids": ids, "at": at})


def lock_accounts(customer_ids: Iterable[int], at: datetime) -> dict[int, PointsAccount]:
    """Open missing accounts and lock all of them in the order of their ids; customer id → account. One statement.

    An account that another transaction opens at the same moment is missing from the first answer, which came only after
    that transaction ended: the second statement finds and locks it.
    """
    ids = sorted(set(customer_ids))
    accounts: dict[int, PointsAccount] = {}
    with cursor_for_keys(len(ids)) as cursor:
        while len(accounts) < len(ids):
            cursor.execute(LOCK_ACCOUNTS_SQL, {"ids": ids, "at": at})
            rows = [PointsAccount.from_db(connection.alias, LOCKED_COLUMNS, row) for row in cursor.fetchall()]
            accounts = {account.customer_id: account for account in rows}
    return accounts


def remaining_lots(account_ids: Iterable[int]) -> dict[int, list[SpendableLot]]:
    """Lots of (locked) accounts with points left: account id → lots, in no order. One query."""
    lots_by_account: dict[int, list[SpendableLot]] = {}
    ids = list(account_ids)
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(REMAINING_LOTS_SQL, [ids])
        for account_id, *lot in cursor.fetchall():
            lots_by_account.setdefault(account_id, []).append(SpendableLot(*lot))
    return lots_by_account
