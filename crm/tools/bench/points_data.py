"""Points of every customer of the bench: an account with five lots, spread over the days on which they expire."""

from typing import Any

from django.db import connection

LOTS_EACH = 5
# A lot of every customer's five ends on each of the next 365 days in turn; the clock of the bench ends where orders do.
ACCOUNTS_SQL = """
INSERT INTO loyalty_pointsaccount (customer_id, posted, debt, opened_at)
SELECT id, %(each)s * 100, 0, %(now)s FROM customers_customer WHERE source = 'bench' ORDER BY id
ON CONFLICT (customer_id) DO NOTHING
"""
ENTRIES_SQL = """
INSERT INTO loyalty_ledgerentry (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id,
  order_ref, reason, data)
SELECT a.id, 'bonus', 100, %(now)s - k * interval '30 days', %(now)s, 'bench', a.id || '-' || k, '', NULL, '', '', '{}'
FROM loyalty_pointsaccount a CROSS JOIN generate_series(1, %(each)s) k
"""
LOTS_SQL = """
INSERT INTO loyalty_pointslot (account_id, entry_id, points, remaining, earned_at, available_at, expires_at)
SELECT e.account_id, e.id, 100, 100, e.at, e.at,
  date_trunc('day', %(now)s) + (1 + (e.account_id * 7 + split_part(e.source_id, '-', 2)::int * 73) %% 365) * interval '1 day'
FROM loyalty_ledgerentry e WHERE e.source_system = 'bench'
"""


def ensure(now: Any) -> None:
    """Make the points where there are none yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM loyalty_ledgerentry WHERE source_system = 'bench')")
        if cursor.fetchone()[0]:
            return
        given = {"now": now, "each": LOTS_EACH}
        cursor.execute("UPDATE loyalty_pointsaccount SET posted = posted + %(each)s * 100", given)
        for sql in (ACCOUNTS_SQL, ENTRIES_SQL, LOTS_SQL):
            cursor.execute(sql, given)
