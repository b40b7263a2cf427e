"""Points: one credit and one redemption against a bare insert, and a day's expiry against one bare statement."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from crm.kernel.time import clock
from crm.tools.bench.aims import at_most_times
from crm.tools.bench.page_benchmarks import fetch_rows
from crm.tools.bench.timing import WorkBenchmark
from crm.tools.bench.turn_rollback import TurnRollback
from customers.profiles.models import Customer
from loyalty.points import accounts, expiry, services

AT_ONCE = 50
WORKLOAD_NUMBERS = count()
LEDGER_TABLES = (
    "loyalty_pointsaccount",
    "loyalty_pointslot",
    "loyalty_ledgerentry",
    "loyalty_allocation",
    "kernel_event",
)
BARE_ENTRY_SQL = """
INSERT INTO loyalty_ledgerentry (account_id, kind, points, at, created_at, source_system, source_id, rule_code, order_ref, reason, data)
VALUES (%(account)s, 'bonus', 10, %(now)s, %(now)s, 'bench-bare', %(source)s, '', '', '', '{}')
"""
ACCOUNTS_SQL = """
SELECT c.id, a.id FROM loyalty_pointsaccount a JOIN customers_customer c ON c.id = a.customer_id
WHERE c.source = 'bench' ORDER BY a.id DESC LIMIT 500
"""
BARE_EXPIRY_SQL = """
WITH gone AS (
  UPDATE loyalty_pointslot SET remaining = 0 WHERE remaining > 0 AND expires_at <= %(at)s
  RETURNING id, account_id, old.remaining AS points, expires_at
), entry AS (
  INSERT INTO loyalty_ledgerentry (account_id, kind, points, at, created_at, source_system, source_id, rule_code, order_ref, reason, data)
  SELECT account_id, 'expire', -points, expires_at, %(at)s, 'expiry', id::text, '', '', '', '{}' FROM gone
  RETURNING id, source_id::bigint AS lot_id, points
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT id, lot_id, points FROM entry
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted - s.points
  FROM (SELECT account_id, sum(points)::bigint AS points FROM gone GROUP BY account_id) s WHERE a.id = s.account_id
)
SELECT coalesce(sum(points), 0)::bigint FROM gone
"""
REMAINING_POINTS_SQL = "SELECT sum(remaining)::bigint FROM loyalty_pointslot"


class LedgerWorkload:
    """Customers in turn, each operation a transaction that is committed; the sources never repeat."""

    def __init__(self) -> None:
        self.people = [(Customer(pk=customer), account) for customer, account in fetch_rows(ACCOUNTS_SQL)]
        self.numbers = count(int(clock.now().timestamp()) * 1_000_000 + next(WORKLOAD_NUMBERS) * 100_000)

    def next(self) -> tuple[Customer, int, str]:
        number = next(self.numbers)
        customer, account = self.people[number % len(self.people)]
        return customer, account, str(number)

    def bare(self) -> int:
        """The one row that the ledger cannot do without, inserted by itself."""
        for _turn in range(AT_ONCE):
            _customer, account, source = self.next()
            with connection.cursor() as cursor:
                cursor.execute(BARE_ENTRY_SQL, {"account": account, "source": source, "now": clock.now()})
        return AT_ONCE

    def earn(self) -> int:
        for _turn in range(AT_ONCE):
            customer, _account, source = self.next()
            services.credit_points(customer=customer, points=40, system="bench", source_id=source, at=clock.now())
        return AT_ONCE

    def redeem(self) -> int:
        """Thirty points, earliest expiry first, from an account with six lots."""
        for _turn in range(AT_ONCE):
            customer, _account, source = self.next()
            with transaction.atomic():
                account = accounts.lock_account(customer, clock.now())
                services.spend_points(account=account, points=30, system="bench", source_id=source, at=clock.now())
        return AT_ONCE


def earn_points_benchmark() -> WorkBenchmark:
    """Points for one customer: entry, lot and balance, locked, in a transaction; bare: the entry alone."""
    till = LedgerWorkload()
    return WorkBenchmark(
        "earn points",
        till.earn,
        till.bare,
        each=AT_ONCE,
        rounds=9,
        limit="bare insert",
        aims={"bare insert": at_most_times(2)},
    )


def redeem_points_benchmark() -> WorkBenchmark:
    """Points spent, first in first out; bare: the entry alone."""
    till = LedgerWorkload()
    return WorkBenchmark(
        "redeem points",
        till.redeem,
        till.bare,
        each=AT_ONCE,
        rounds=9,
        limit="bare insert",
        aims={"bare insert": at_most_times(4)},
    )


def expire_points_benchmark() -> WorkBenchmark:
    """The first day on which points run out, over all accounts."""
    undoing = TurnRollback(*LEDGER_TABLES)
    at = _first_expiry_at()

    def ours() -> int:
        taken = expiry.expire_points(at)
        undoing.commit()
        return taken

    def bare() -> int:
        taken = int(fetch_rows(BARE_EXPIRY_SQL, {"at": at})[0][0])
        undoing.commit()
        return taken

    lots = fetch_rows("SELECT count(*) FROM loyalty_pointslot WHERE remaining > 0 AND expires_at <= %s", [at])[0][0]
    return WorkBenchmark(
        "expire a day's points",
        ours,
        bare,
        each=max(1, lots),
        per_second=True,
        limit="bare statement",
        aims={"bare statement": at_most_times(1.5)},
        plan=BARE_EXPIRY_SQL,
        given={"at": at},
        around=undoing.around,
        prepare=lambda side: undoing.begin(),
        proof=lambda: fetch_rows(REMAINING_POINTS_SQL)[0][0],
    )


def _first_expiry_at() -> datetime:
    earliest: Any = fetch_rows("SELECT min(expires_at) FROM loyalty_pointslot WHERE remaining > 0")[0][0]
    return (earliest or clock.now()) + timedelta(minutes=1)
