"""Points: one credit and one redemption against a bare insert, and a day's expiry against one bare statement."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from crm.kernel.time import clock
from crm.tools.bench.aims import at_most
from crm.tools.bench.page_benchmarks import rows
from crm.tools.bench.timing import Piece
from crm.tools.bench.turn_rollback import Undoing
from customers.profiles.models import Customer
from loyalty.points import accounts, expiry, services

AT_ONCE = 50
TILLS = count()
LEDGER = ("loyalty_pointsaccount", "loyalty_pointslot", "loyalty_ledgerentry", "loyalty_allocation", "kernel_event")
BARE_ENTRY = """
INSERT INTO loyalty_ledgerentry (account_id, kind, points, at, created_at, source_system, source_id, rule_code, order_ref, reason, data)
VALUES (%(account)s, 'bonus', 10, %(now)s, %(now)s, 'bench-bare', %(source)s, '', '', '', '{}')
"""
ACCOUNTS = """
SELECT c.id, a.id FROM loyalty_pointsaccount a JOIN customers_customer c ON c.id = a.customer_id
WHERE c.source = 'bench' ORDER BY a.id DESC LIMIT 500
"""
BARE_EXPIRY = """
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
LEFT = "SELECT sum(remaining)::bigint FROM loyalty_pointslot"


class Till:
    """Customers in turn, each operation a transaction that is committed; the sources never repeat."""

    def __init__(self) -> None:
        self.people = [(Customer(pk=customer), account) for customer, account in rows(ACCOUNTS)]
        self.numbers = count(int(clock.now().timestamp()) * 1_000_000 + next(TILLS) * 100_000)

    def next(self) -> tuple[Customer, int, str]:
        number = next(self.numbers)
        customer, account = self.people[number % len(self.people)]
        return customer, account, str(number)

    def bare(self) -> int:
        """The one row that the ledger cannot do without, inserted by itself."""
        for _turn in range(AT_ONCE):
            _customer, account, source = self.next()
            with connection.cursor() as cursor:
                cursor.execute(BARE_ENTRY, {"account": account, "source": source, "now": clock.now()})
        return AT_ONCE

    def earn(self) -> int:
        for _turn in range(AT_ONCE):
            customer, _account, source = self.next()
            services.credit(customer=customer, points=40, system="bench", source_id=source, at=clock.now())
        return AT_ONCE

    def redeem(self) -> int:
        """Thirty points, earliest expiry first, from an account with six lots."""
        for _turn in range(AT_ONCE):
            customer, _account, source = self.next()
            with transaction.atomic():
                account = accounts.lock(customer, clock.now())
                services.spend(account=account, points=30, system="bench", source_id=source, at=clock.now())
        return AT_ONCE


def earn() -> Piece:
    """Points for one customer: entry, lot and balance, locked, in a transaction; bare: the entry alone."""
    till = Till()
    return Piece(
        "earn points",
        till.earn,
        till.bare,
        each=AT_ONCE,
        rounds=9,
        limit="bare insert",
        aims={"bare insert": at_most(2)},
    )


def redeem() -> Piece:
    """Points spent, first in first out; bare: the entry alone."""
    till = Till()
    return Piece(
        "redeem points",
        till.redeem,
        till.bare,
        each=AT_ONCE,
        rounds=9,
        limit="bare insert",
        aims={"bare insert": at_most(4)},
    )


def expire() -> Piece:
    """The first day on which points run out, over all accounts."""
    undoing = Undoing(*LEDGER)
    at = _first_day()

    def ours() -> int:
        taken = expiry.expire(at)
        undoing.commit()
        return taken

    def bare() -> int:
        taken = int(rows(BARE_EXPIRY, {"at": at})[0][0])
        undoing.commit()
        return taken

    lots = rows("SELECT count(*) FROM loyalty_pointslot WHERE remaining > 0 AND expires_at <= %s", [at])[0][0]
    return Piece(
        "expire a day's points",
        ours,
        bare,
        each=max(1, lots),
        per_second=True,
        limit="bare statement",
        aims={"bare statement": at_most(1.5)},
        plan=BARE_EXPIRY,
        given={"at": at},
        around=undoing.around,
        prepare=lambda side: undoing.begin(),
        proof=lambda: rows(LEFT)[0][0],
    )


def _first_day() -> datetime:
    earliest: Any = rows("SELECT min(expires_at) FROM loyalty_pointslot WHERE remaining > 0")[0][0]
    return (earliest or clock.now()) + timedelta(minutes=1)
