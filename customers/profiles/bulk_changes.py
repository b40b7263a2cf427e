"""One change to many customers: set-based, in chunks, each chunk announced; returns whom it changed, so it can be undone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from crm.kernel import audit
from crm.kernel.background import events
from customers.profiles.events import CustomerChanged

CHUNK_SIZE = 2_000
LOCKED_IDS = "(SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE)"
TAG = f"""
UPDATE customers_customer c SET tags = array_append(tags, %(tag)s::varchar), version = version + 1, updated_at = %(at)s
FROM {LOCKED_IDS} locked WHERE c.id = locked.id AND NOT %(tag)s::varchar = ANY(tags) RETURNING c.id
"""
UNTAG = f"""
UPDATE customers_customer c SET tags = array_remove(tags, %(tag)s::varchar), version = version + 1, updated_at = %(at)s
FROM {LOCKED_IDS} locked WHERE c.id = locked.id AND %(tag)s::varchar = ANY(tags) RETURNING c.id
"""
ASSIGN = f"""
UPDATE customers_customer c SET owner_id = %(owner)s, version = version + 1, updated_at = %(at)s
FROM {LOCKED_IDS} locked WHERE c.id = locked.id AND c.owner_id IS DISTINCT FROM %(owner)s
RETURNING c.id, old.owner_id
"""


def chunk_ids(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in pieces that one statement and one transaction take."""
    rest = iter(ids)
    while piece := list(islice(rest, CHUNK_SIZE)):
        yield piece


@transaction.atomic
def tag_customers(*, ids: Sequence[int], word: str, at: datetime, by: Any, job: Any = None) -> list[int]:
    """All of them carry the tag; returns those who did not before."""
    changed = [row[0] for row in _fetch_rows(TAG, {"ids": list(ids), "tag": word, "at": at})]
    _announce_changed("customers.tagged", changed, at, by, job, {"tag": word}, "tags")
    return changed


@transaction.atomic
def untag_customers(*, ids: Sequence[int], word: str, at: datetime, by: Any, job: Any = None) -> list[int]:
    """None of them carries the tag; returns those who did before."""
    changed = [row[0] for row in _fetch_rows(UNTAG, {"ids": list(ids), "tag": word, "at": at})]
    _announce_changed("customers.untagged", changed, at, by, job, {"tag": word}, "tags")
    return changed


@transaction.atomic
def assign_owner(
    *, ids: Sequence[int], owner_id: int | None, at: datetime, by: Any, job: Any = None
) -> dict[int, int | None]:
    """All of them belong to one person of the staff, or to nobody; returns the former owner of those who changed."""
    changed = dict(_fetch_rows(ASSIGN, {"ids": list(ids), "owner": owner_id, "at": at}))
    _announce_changed("customers.assigned", list(changed), at, by, job, {"owner": owner_id}, "owner")
    return changed


def _fetch_rows(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _announce_changed(
    action: str, ids: list[int], at: datetime, by: Any, job: Any, after: dict[str, Any], field: str
) -> None:
    if ids:
        audit.record_audit_entry(action, by=by, after=after, count=len(ids), job=job)
        events.announce_event(CustomerChanged(ids=ids, at=at, fields=(field,)))
