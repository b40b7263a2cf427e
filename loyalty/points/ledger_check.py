"""The proof that the ledger balances: every account, every lot and every entry recomputed from the rows, set-based."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from loyalty.points.models import LedgerProof

KEPT_DIFFERENCES = 1_000

# One statement, so that everything is seen at one instant while the shop goes on.
# account: Σ entries = Σ lots' remaining − debt = posted.
# lot: what remains is what it began with and every allocation since; never below zero, never above its points.
# entry: its points are the lots that it made and its allocations.  debt: what was booked on no lot.
VERIFY_SQL = """
WITH entries AS (
  SELECT account_id, sum(points) AS points FROM loyalty_ledgerentry GROUP BY account_id
), lots AS (
  SELECT account_id, sum(remaining) AS remaining FROM loyalty_pointslot GROUP BY account_id
), of_lot AS (
  SELECT lot_id, sum(points) AS points FROM loyalty_allocation WHERE lot_id IS NOT NULL GROUP BY lot_id
), of_entry AS (
  SELECT entry_id, sum(points) AS points FROM loyalty_allocation GROUP BY entry_id
), made AS (
  SELECT entry_id, sum(points) AS points FROM loyalty_pointslot GROUP BY entry_id
), booked AS (
  SELECT e.account_id, -sum(m.points) AS debt
  FROM loyalty_allocation m JOIN loyalty_ledgerentry e ON e.id = m.entry_id WHERE m.lot_id IS NULL GROUP BY e.account_id
), difference(found) AS (
  SELECT jsonb_build_object('kind', 'account', 'account', a.id, 'posted', a.posted, 'debt', a.debt,
                            'entries', coalesce(e.points, 0), 'lots', coalesce(l.remaining, 0))
  FROM loyalty_pointsaccount a LEFT JOIN entries e ON e.account_id = a.id LEFT JOIN lots l ON l.account_id = a.id
  WHERE a.posted <> coalesce(e.points, 0) OR a.posted <> coalesce(l.remaining, 0) - a.debt
  UNION ALL
  SELECT jsonb_build_object('kind', 'lot', 'account', l.account_id, 'lot', l.id, 'points', l.points, 'remaining', l.remaining,
                            'expected', l.points + coalesce(m.points, 0))
  FROM loyalty_pointslot l LEFT JOIN of_lot m ON m.lot_id = l.id
  WHERE l.remaining <> l.points + coalesce(m.points, 0) OR l.remaining NOT BETWEEN 0 AND l.points
  UNION ALL
  SELECT jsonb_build_object('kind', 'entry', 'account', e.account_id, 'entry', e.id, 'points', e.points,
                            'expected', coalesce(l.points, 0) + coalesce(m.points, 0))
  FROM loyalty_ledgerentry e LEFT JOIN made l ON l.entry_id = e.id LEFT JOIN of_entry m ON m.entry_id = e.id
  WHERE e.points <> coalesce(l.points, 0) + coalesce(m.points, 0)
  UNION ALL
  SELECT jsonb_build_object('kind', 'debt', 'account', a.id, 'debt', a.debt, 'expected', coalesce(b.debt, 0))
  FROM loyalty_pointsaccount a LEFT JOIN booked b ON b.account_id = a.id WHERE a.debt <> coalesce(b.debt, 0)
)
SELECT (SELECT count(*) FROM loyalty_pointsaccount), (SELECT coalesce(sum(posted), 0)::bigint FROM loyalty_pointsaccount),
       (SELECT coalesce(jsonb_agg(found ORDER BY found), '[]') FROM difference)::text
"""


@dataclass(frozen=True)
class LedgerCheck:
    """How many accounts were checked, what their balances sum to, and every difference."""

    accounts: int
    points: int
    differences: list[dict[str, Any]]
    seconds: float


def verify_ledger() -> LedgerCheck:
    """Check the whole ledger as it stands at one instant; reads only."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(VERIFY_SQL)
        accounts, points, differences = cursor.fetchone()
    return LedgerCheck(accounts, points, json.loads(differences), round(time.monotonic() - started, 3))


def record_ledger_proof(at: datetime) -> LedgerProof:
    """Verify and keep the result, so that staff can see when the ledger was last proved."""
    proof = verify_ledger()
    return LedgerProof.objects.create(
        made_at=at,
        accounts=proof.accounts,
        points=proof.points,
        differences=proof.differences[:KEPT_DIFFERENCES],
        seconds=proof.seconds,
    )
