"""The only place that writes to the ledger: entry, lots, allocations and balance change in one statement.

Whoever posts holds the lock of the accounts (`accounts.lock`), and has decided under it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from loyalty.points.models import LedgerEntry

DEBT = None


@dataclass(frozen=True)
class NewLot:
    """Points that an entry credits together."""

    points: int
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None
    rule_id: int | None = None
    restores_id: int | None = None


@dataclass(frozen=True)
class Posting:
    """An entry to be; its points are what its lots bring and its moves change."""

    account_id: int
    kind: str
    at: datetime
    source_system: str
    source_id: str
    rule_code: str = ""
    lots: tuple[NewLot, ...] = ()
    moves: tuple[tuple[int | None, int], ...] = ()  # (lot id or DEBT, points: below zero takes away)
    rule_id: int | None = None
    order_id: int | None = None
    order_ref: str = ""
    original_id: int | None = None
    reverses_id: int | None = None
    actor_id: int | None = None
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return sum(lot.points for lot in self.lots) + sum(points for _lot, points in self.moves)

    @property
    def debt(self) -> int:
        """By how much the debt grows: a booking on DEBT of −50 is 50 more debt."""
        return -sum(points for lot, points in self.moves if lot is DEBT)


POST = """
WITH wanted AS (
  SELECT * FROM unnest(
    %(n)s::int[], %(account)s::bigint[], %(kind)s::text[], %(points)s::bigint[], %(debt)s::bigint[], %(at)s::timestamptz[],
    %(system)s::text[], %(source)s::text[], %(rule_code)s::text[], %(rule)s::bigint[], %(order)s::bigint[], %(order_ref)s::text[],
    %(original)s::bigint[], %(reverses)s::bigint[], %(actor)s::bigint[], %(reason)s::text[], %(data)s::text[])
  AS t(n, account_id, kind, points, debt, at, source_system, source_id, rule_code, rule_id, order_id, order_ref,
       original_id, reverses_id, actor_id, reason, data)
), entry AS (
  INSERT INTO loyalty_ledgerentry
    (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id, order_id, order_ref,
     original_id, reverses_id, actor_id, reason, data)
  SELECT account_id, kind, points, at, %(now)s, source_system, source_id, rule_code, rule_id, order_id, order_ref,
         original_id, reverses_id, actor_id, reason, data::jsonb
  FROM wanted ORDER BY n
  ON CONFLICT (source_system, source_id, rule_code, kind) DO NOTHING
  RETURNING id, source_system, source_id, rule_code, kind
), written AS (
  SELECT entry.id, wanted.n, wanted.account_id, wanted.points, wanted.debt
  FROM entry JOIN wanted USING (source_system, source_id, rule_code, kind)
), lot AS (
  INSERT INTO loyalty_pointslot
    (account_id, entry_id, points, remaining, earned_at, available_at, expires_at, rule_id, restores_id)
  SELECT w.account_id, w.id, l.points, l.points, l.earned_at, l.available_at, l.expires_at, l.rule_id, l.restores_id
  FROM unnest(%(lot_n)s::int[], %(lot_points)s::bigint[], %(lot_earned)s::timestamptz[], %(lot_available)s::timestamptz[],
              %(lot_expires)s::timestamptz[], %(lot_rule)s::bigint[], %(lot_restores)s::bigint[])
       AS l(n, points, earned_at, available_at, expires_at, rule_id, restores_id)
  JOIN written w ON w.n = l.n
  ORDER BY l.n
), move AS (
  SELECT w.id AS entry_id, m.lot_id, m.points
  FROM unnest(%(move_n)s::int[], %(move_lot)s::bigint[], %(move_points)s::bigint[]) AS m(n, lot_id, points)
  JOIN written w ON w.n = m.n
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT entry_id, lot_id, points FROM move
), moved AS (
  UPDATE loyalty_pointslot l SET remaining = l.remaining + sums.points
  FROM (SELECT lot_id, sum(points)::bigint AS points FROM move WHERE lot_id IS NOT NULL GROUP BY lot_id) sums
  WHERE l.id = sums.lot_id
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted + sums.points, debt = a.debt + sums.debt
  FROM (SELECT account_id, sum(points)::bigint AS points, sum(debt)::bigint AS debt FROM written GROUP BY account_id) sums
  WHERE a.id = sums.account_id
)
SELECT n, id FROM written ORDER BY n
"""


def post(postings: Sequence[Posting], *, now: datetime) -> list[int | None]:
    """Write entries with all that belongs to them, in one statement; a posting whose key is taken writes nothing.

    Returns the new entries' ids in the order given, None for one that stood already.
    """
    if not postings:
        return []
    with connection.cursor() as cursor:
        cursor.execute(POST, {"now": now, **_entries(postings), **_lots(postings), **_moves(postings)})
        ids = dict(cursor.fetchall())
    return [ids.get(n) for n in range(len(postings))]


def post_one(posting: Posting, *, now: datetime) -> LedgerEntry:
    """Write one entry and read it back; where its key is taken, the entry that stands."""
    post([posting], now=now)
    return LedgerEntry.objects.get(
        source_system=posting.source_system, source_id=posting.source_id, rule_code=posting.rule_code, kind=posting.kind
    )


def _entries(postings: Sequence[Posting]) -> dict[str, list[Any]]:
    return {
        "n": list(range(len(postings))),
        "account": [p.account_id for p in postings],
        "kind": [str(p.kind) for p in postings],
        "points": [p.points for p in postings],
        "debt": [p.debt for p in postings],
        "at": [p.at for p in postings],
        "system": [p.source_system for p in postings],
        "source": [p.source_id for p in postings],
        "rule_code": [p.rule_code for p in postings],
        "rule": [p.rule_id for p in postings],
        "order": [p.order_id for p in postings],
        "order_ref": [p.order_ref for p in postings],
        "original": [p.original_id for p in postings],
        "reverses": [p.reverses_id for p in postings],
        "actor": [p.actor_id for p in postings],
        "reason": [p.reason for p in postings],
        "data": [json.dumps(p.data) for p in postings],
    }


def _lots(postings: Sequence[Posting]) -> dict[str, list[Any]]:
    lots = [(n, lot) for n, posting in enumerate(postings) for lot in posting.lots]
    return {
        "lot_n": [n for n, _lot in lots],
        "lot_points": [lot.points for _n, lot in lots],
        "lot_earned": [lot.earned_at for _n, lot in lots],
        "lot_available": [lot.available_at for _n, lot in lots],
        "lot_expires": [lot.expires_at for _n, lot in lots],
        "lot_rule": [lot.rule_id for _n, lot in lots],
        "lot_restores": [lot.restores_id for _n, lot in lots],
    }


def _moves(postings: Sequence[Posting]) -> dict[str, list[Any]]:
    moves = [(n, lot_id, points) for n, posting in enumerate(postings) for lot_id, points in posting.moves]
    return {
        "move_n": [n for n, _lot, _points in moves],
        "move_lot": [lot for _n, lot, _points in moves],
        "move_points": [points for _n, _lot, points in moves],
    }


def taken(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int | None, int], ...]:
    """The moves of a debit from what `rules.take` gave."""
    return tuple((lot_id, -points) for lot_id, points in parts)
