"""The only place that writes to the ledger: entry, lots, allocations and balance change in one statement.

Whoever posts holds the lock of the accounts (`accounts.lock`), and has decided under it. Credits decide nothing by the
balance: `giving` locks in the same statement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import prepared_cursor
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
class LedgerPosting:
    """An entry to be; its points are what its lots bring and its moves change."""

    account_id: int  # 0 where `giving` finds the account by its customer
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
    customer_id: int = 0

    @property
    def points(self) -> int:
        return sum(lot.points for lot in self.lots) + sum(points for _lot, points in self.moves)

    @property
    def debt(self) -> int:
        """By how much the debt grows: a booking on DEBT of −50 is 50 more debt."""
        return -sum(points for lot, points in self.moves if lot is DEBT)


POSTING_COLUMNS = (
    "kind text, points bigint, debt bigint, at timestamptz, source_system text, source_id text, rule_code text, rule_id bigint,"
    " order_id bigint, order_ref text, original_id bigint, reverses_id bigint, actor_id bigint, reason text, data jsonb"
)
# What stands twice (the lots, the accounts) is looked up by its key, however much the tables hold.
ENTRY_SQL = """
entry AS (
  INSERT INTO loyalty_ledgerentry
    (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id, order_id, order_ref,
     original_id, reverses_id, actor_id, reason, data)
  SELECT account_id, kind, points, at, %(now)s, source_system, source_id, rule_code, rule_id, order_id, order_ref,
         original_id, reverses_id, actor_id, reason, data
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
  FROM jsonb_to_recordset(%(lots)s::jsonb)
       AS l(n int, points bigint, earned_at timestamptz, available_at timestamptz, expires_at timestamptz, rule_id bigint,
            restores_id bigint)
  JOIN written w ON w.n = l.n
  ORDER BY l.n
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted + sums.points, debt = a.debt + sums.debt
  FROM (SELECT account_id, sum(points)::bigint AS points, sum(debt)::bigint AS debt FROM written GROUP BY account_id) sums
  WHERE a.id = sums.account_id AND a.id = ANY(ARRAY(SELECT account_id FROM wanted))
)
"""
POST_SQL = f"""
WITH wanted AS (SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS t(n int, account_id bigint, {POSTING_COLUMNS})), {ENTRY_SQL},
move AS (
  SELECT w.id AS entry_id, m.lot_id, m.points
  FROM jsonb_to_recordset(%(moves)s::jsonb) AS m(n int, lot_id bigint, points bigint) JOIN written w ON w.n = m.n
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT entry_id, lot_id, points FROM move
), moved AS (
  UPDATE loyalty_pointslot l SET remaining = l.remaining + sums.points
  FROM (SELECT lot_id, sum(points)::bigint AS points FROM move WHERE lot_id IS NOT NULL GROUP BY lot_id) sums
  WHERE l.id = sums.lot_id AND l.id = ANY(ARRAY(SELECT lot_id FROM move))
)
SELECT n, id FROM written ORDER BY n
"""
POSTING_FIELDS = (
    "account_id", "customer_id", "kind", "points", "debt", "at", "source_system", "source_id", "rule_code", "rule_id",
    "order_id", "order_ref", "original_id", "reverses_id", "actor_id", "reason", "data",
)  # fmt: skip
SAME_KEY_SQL = "WHERE source_system = %s AND source_id = %s AND rule_code = %s AND kind = %s"


def post_entries(postings: Sequence[LedgerPosting], *, now: datetime) -> list[int | None]:
    """Write entries with all that belongs to them, in one statement; a posting whose key is taken writes nothing.

    Returns the new entries' ids in the order given, None for one that stood already.
    """
    if not postings:
        return []
    moves = [(n, lot_id, points) for n, each in enumerate(postings) for lot_id, points in each.moves]
    told = sql_rows.rows_as_json({"n": n, "lot_id": lot_id, "points": points} for n, lot_id, points in moves)
    with prepared_cursor() as cursor:
        cursor.execute(POST_SQL, {"now": now, "moves": told, **posting_documents(postings)})
        ids = dict(cursor.fetchall())
    return [ids.get(n) for n in range(len(postings))]


def post_entry(posting: LedgerPosting, *, now: datetime) -> LedgerEntry:
    """Write one entry and return it; where its key is taken, the entry that stands."""
    (entry_id,) = post_entries([posting], now=now)
    return build_entry(posting, entry_id, now) if entry_id else get_posted_entry(posting)


def get_posted_entry(posting: LedgerPosting) -> LedgerEntry:
    """The entry that has the posting's key."""
    key = [posting.source_system, posting.source_id, posting.rule_code, posting.kind]
    return sql_rows.load_instances(LedgerEntry, SAME_KEY_SQL, key)[0]


def build_entry(posting: LedgerPosting, entry_id: int, now: datetime) -> LedgerEntry:
    """The entry just written, without asking for it."""
    values = {name: getattr(posting, name) for name in POSTING_FIELDS if name not in ("customer_id", "debt")}
    return sql_rows.mark_as_saved(LedgerEntry(created_at=now, **values), entry_id)


def posting_documents(postings: Sequence[LedgerPosting]) -> dict[str, str]:
    """Entries and lots as the statements read them, each posting by its place."""
    numbered = list(enumerate(postings))
    return {
        "entries": sql_rows.rows_as_json(
            {"n": n, **{name: getattr(each, name) for name in POSTING_FIELDS}} for n, each in numbered
        ),
        "lots": sql_rows.rows_as_json({"n": n, **vars(lot)} for n, each in numbered for lot in each.lots),
    }


def debit_moves(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int | None, int], ...]:
    """The moves of a debit from what `rules.take` gave."""
    return tuple((lot_id, -points) for lot_id, points in parts)
