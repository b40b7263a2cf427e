"""Points run out: one statement per chunk of accounts, safe to run again, twice at once, or after a kill."""

from datetime import datetime

from django.db import connection, transaction

from crm.kernel.background import events
from loyalty.points.events import POINTS_EXPIRED

ACCOUNTS_PER_CHUNK = 50_000

# Accounts first, then their lots: a redemption that waits for the account sees the lots empty, and one that came
# before has its part taken into account, for the UPDATE reads the newest version of each row that it had to wait for.
EXPIRE_SQL = """
WITH due AS (
  SELECT DISTINCT account_id FROM loyalty_pointslot WHERE remaining > 0 AND expires_at <= %(at)s ORDER BY account_id LIMIT %(limit)s
), locked AS MATERIALIZED (
  SELECT a.id, a.customer_id FROM loyalty_pointsaccount a WHERE a.id IN (SELECT account_id FROM due) ORDER BY a.id FOR NO KEY UPDATE
), gone AS (
  UPDATE loyalty_pointslot lot SET remaining = 0 FROM locked
  WHERE lot.account_id = locked.id AND lot.remaining > 0 AND lot.expires_at <= %(at)s
  RETURNING lot.id, lot.account_id, old.remaining AS points, lot.expires_at, lot.rule_id
), entry AS (
  INSERT INTO loyalty_ledgerentry
    (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id, order_ref, reason, data)
  SELECT account_id, 'expire', -points, expires_at, %(at)s, 'expiry', id::text, '', rule_id, '', '', '{}' FROM gone
  ORDER BY account_id, id
  RETURNING id, source_id::bigint AS lot_id, points
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT id, lot_id, points FROM entry
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted - sums.points
  FROM (SELECT account_id, sum(points)::bigint AS points FROM gone GROUP BY account_id) sums WHERE a.id = sums.account_id
)
SELECT (SELECT count(*) FROM due), coalesce(sum(points), 0)::bigint,
       (SELECT coalesce(array_agg(l.customer_id ORDER BY l.customer_id), '{}') FROM locked l WHERE l.id IN (SELECT account_id FROM gone))
FROM gone
"""


def expire_points(at: datetime, *, limit: int = ACCOUNTS_PER_CHUNK) -> int:
    """Take away every point whose last day is over at `at`; returns how many points. Running it again takes nothing."""
    total = 0
    while True:
        accounts, points = _expire_chunk(at, limit)
        total += points
        if accounts < limit:
            return total


@transaction.atomic
def _expire_chunk(at: datetime, limit: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE_SQL, {"at": at, "limit": limit})
        due, points, customers = cursor.fetchone()
    events.announce_event(POINTS_EXPIRED, customers, at=at)
    return due, points
