"""The only place that writes to the ledger: entry, lots, allocations and balance change in one statement.

Whoever posts holds the locks of the accounts (`accounts.lock_accounts`) and has decided under them. Credits do not
depend on the balance: `credits.post_credits` locks in the same statement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import prepared_cursor
from loyalty.points.models import LedgerEntry
from loyalty.points.queries import POST_ENTRIES_SQL, SAME_KEY_SQL

Allocations = tuple[tuple[int | None, int], ...]  # (lot id or DEBT, points: negative takes away)
DEBT = None  # stands for a lot's id where points are booked as debt


@dataclass(frozen=True)
class NewLot:
    """Points that an entry credits together, with one expiry."""

    points: int
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None
    rule_id: int | None = None
    restores_id: int | None = None


@dataclass(frozen=True)
class LedgerPosting:
    """An entry to be written; its points are those of its new lots and of its allocations to existing ones.

    (source_system, source_id, rule_code, kind) is its key: an entry with the same key is never written twice.
    """

    account_id: int  # 0 for credits, which are posted by customer
    kind: str
    at: datetime
    source_system: str
    source_id: str
    rule_code: str = ""
    lots: tuple[NewLot, ...] = ()
    allocations: Allocations = ()
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
        return sum(lot.points for lot in self.lots) + sum(points for _lot, points in self.allocations)

    @property
    def debt(self) -> int:
        """By how much the debt grows: an allocation of −50 to DEBT is 50 more debt."""
        return -sum(points for lot, points in self.allocations if lot is DEBT)


POSTING_FIELDS = (
    "account_id", "customer_id", "kind", "points", "debt", "at", "source_system", "source_id", "rule_code", "rule_id",
    "order_id", "order_ref", "original_id", "reverses_id", "actor_id", "reason", "data",
)  # fmt: skip


def post_entries(postings: Sequence[LedgerPosting], *, now: datetime) -> list[int | None]:
    """Write the entries with their lots, allocations and balance changes, in one statement.

    A posting whose key is taken writes nothing. Returns the ids of the new entries in the order of the postings, None
    where nothing was written.
    """
    if not postings:
        return []
    allocations = sql_rows.rows_as_json(
        {"n": n, "lot_id": lot_id, "points": points}
        for n, posting in enumerate(postings)
        for lot_id, points in posting.allocations
    )
    with prepared_cursor() as cursor:
        cursor.execute(POST_ENTRIES_SQL, {"now": now, "allocations": allocations, **posting_documents(postings)})
        ids = dict(cursor.fetchall())
    return [ids.get(n) for n in range(len(postings))]


def post_entry(posting: LedgerPosting, *, now: datetime) -> LedgerEntry:
    """Write one entry and return it; if its key is taken, return the entry that has it."""
    (entry_id,) = post_entries([posting], now=now)
    return build_entry(posting, entry_id, now) if entry_id else get_posted_entry(posting)


def get_posted_entry(posting: LedgerPosting) -> LedgerEntry:
    """The entry that has the posting's key. One query."""
    key = [posting.source_system, posting.source_id, posting.rule_code, posting.kind]
    return sql_rows.load_instances(LedgerEntry, SAME_KEY_SQL, key)[0]


def build_entry(posting: LedgerPosting, entry_id: int, now: datetime) -> LedgerEntry:
    """The entry that was just written, without a query."""
    values = {name: getattr(posting, name) for name in POSTING_FIELDS if name not in ("customer_id", "debt")}
    return sql_rows.mark_as_saved(LedgerEntry(created_at=now, **values), entry_id)


def posting_documents(postings: Sequence[LedgerPosting]) -> dict[str, str]:
    """The JSON parameters `entries` and `lots` of the posting statements; `n` is the posting's place."""
    numbered = list(enumerate(postings))
    return {
        "entries": sql_rows.rows_as_json(
            {"n": n, **{name: getattr(posting, name) for name in POSTING_FIELDS}} for n, posting in numbered
        ),
        "lots": sql_rows.rows_as_json({"n": n, **vars(lot)} for n, posting in numbered for lot in posting.lots),
    }


def debit_allocations(parts: Iterable[tuple[int, int]]) -> Allocations:
    """Allocations of a debit, from the (lot id, points) that `rules.debit_lots` gives."""
    return tuple((lot_id, -points) for lot_id, points in parts)
