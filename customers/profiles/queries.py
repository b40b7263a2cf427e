"""SQL of customers: locks and lookups of thousands at once, and writes that are one statement because they run all the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.kernel.db.prepared_statements import cursor_for_keys

# OFFSET 0 holds the planner to a look into the index for each: it would rather read all customers for two thousand, and all
# ids of other systems while it believes, as before a first import, that there are none.
MATCHING_IDS = """
SELECT x.customer_id FROM unnest(%(sources)s::text[]) AS s(source) CROSS JOIN unnest(%(values)s::text[]) AS v(value)
CROSS JOIN LATERAL (SELECT customer_id FROM customers_externalid WHERE source = s.source AND value = v.value OFFSET 0) x
UNION
SELECT c.id FROM unnest(%(emails)s::text[]) AS wanted(email) CROSS JOIN LATERAL (
  SELECT id FROM customers_customer WHERE lower(email) = wanted.email AND merged_into_id IS NULL OFFSET 0) c
UNION
SELECT c.id FROM unnest(%(phones)s::text[]) AS wanted(phone) CROSS JOIN LATERAL (
  SELECT id FROM customers_customer WHERE phone = wanted.phone AND merged_into_id IS NULL OFFSET 0) c
"""
MATCH_LOCK = 6
LOCK_MATCH_BUCKETS = "SELECT count(pg_advisory_xact_lock(%s, bucket)::text) FROM unnest(%s::int[]) AS bucket"
EXTERNAL_IDS = """
SELECT x.customer_id, x.source, x.value FROM unnest(%(ids)s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
  SELECT customer_id, source, value FROM customers_externalid
  WHERE customer_id = wanted.id AND source = ANY(%(sources)s::text[]) OFFSET 0) x
"""
# The API names customers by either for every order of a call; the plan is kept for calls of a few.
IDS_BY_PUBLIC_ID = "SELECT public_id, coalesce(merged_into_id, id) FROM customers_customer WHERE public_id = ANY(%s)"
IDS_BY_EXTERNAL_ID = """
SELECT x.source, x.value, coalesce(c.merged_into_id, c.id)
FROM unnest(%s::text[], %s::text[]) AS wanted(source, value)
JOIN customers_externalid x USING (source, value) JOIN customers_customer c ON c.id = x.customer_id
"""
# Tags are changed where they stand, so that no customer of a hundred thousand travels here and back; only those who change
# get a new version, and their former owners come back with them, for the undo.
_LOCKED = "(SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE)"
ADD_TAG = f"""
UPDATE customers_customer c SET tags = array_append(tags, %(tag)s::varchar), version = version + 1, updated_at = %(at)s
FROM {_LOCKED} locked WHERE c.id = locked.id AND NOT %(tag)s::varchar = ANY(tags) RETURNING c.id
"""
REMOVE_TAG = f"""
UPDATE customers_customer c SET tags = array_remove(tags, %(tag)s::varchar), version = version + 1, updated_at = %(at)s
FROM {_LOCKED} locked WHERE c.id = locked.id AND %(tag)s::varchar = ANY(tags) RETURNING c.id
"""
SET_OWNER = f"""
UPDATE customers_customer c SET owner_id = %(owner)s, version = version + 1, updated_at = %(at)s
FROM {_LOCKED} locked WHERE c.id = locked.id AND c.owner_id IS DISTINCT FROM %(owner)s
RETURNING c.id, old.owner_id
"""
CREATED_ENTRIES = """
INSERT INTO customers_timelineentry (customer_id, kind, at, data, object_type, object_id)
SELECT id, 'customer_created', %(at)s, jsonb_build_object('source', source), '', '' FROM customers_customer
WHERE id = ANY(%(ids)s) ORDER BY id
"""
# Runs with every order, answer and risk score; a fact that is as it was costs no write.
UPSERT_FACTS = """
INSERT INTO customers_customerfact (customer_id, kind, value, number, data, computed_at)
SELECT t.customer_id, %(kind)s, t.value, t.number, '{}', %(at)s
FROM unnest(%(ids)s::bigint[], %(values)s::text[], %(numbers)s::numeric[]) AS t(customer_id, value, number)
ORDER BY t.customer_id
ON CONFLICT (customer_id, kind) DO UPDATE
SET value = excluded.value, number = excluded.number, computed_at = excluded.computed_at
WHERE (customers_customerfact.value, customers_customerfact.number) IS DISTINCT FROM (excluded.value, excluded.number)
"""


def matching_customer_ids(
    *, sources: Sequence[str], values: Sequence[str], emails: Sequence[str], phones: Sequence[str]
) -> list[int]:
    """Ids of customers with one of these external ids, lower-case e-mail addresses or phones.

    More may come than were meant: every value is looked up in every source.
    """
    wanted = {"sources": sources, "values": values, "emails": emails, "phones": phones}
    return [customer_id for (customer_id,) in _fetch_rows(MATCHING_IDS, wanted)]


def lock_match_buckets(buckets: Sequence[int]) -> None:
    """Take the locks of these buckets, in the order given, until the end of the transaction."""
    _fetch_rows(LOCK_MATCH_BUCKETS, [MATCH_LOCK, list(buckets)])


def external_ids_of_customers(ids: Sequence[int], sources: Sequence[str]) -> list[tuple[int, str, str]]:
    """(customer id, source, value) of the ids that these customers have in these systems."""
    return _fetch_rows(EXTERNAL_IDS, {"ids": ids, "sources": sources})


def ids_by_public_id(public_ids: Sequence[str]) -> dict[str, int]:
    """Public id → row id of the customer, or of the survivor of a merge."""
    with cursor_for_keys(len(public_ids)) as cursor:
        cursor.execute(IDS_BY_PUBLIC_ID, [list(public_ids)])
        return dict(cursor.fetchall())


def ids_by_external_id(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(source, value) → row id of the customer, or of the survivor of a merge."""
    with cursor_for_keys(len(pairs)) as cursor:
        cursor.execute(IDS_BY_EXTERNAL_ID, [[source for source, _value in pairs], [value for _source, value in pairs]])
        return {(source, value): customer_id for source, value, customer_id in cursor.fetchall()}


def add_tag(ids: Sequence[int], tag: str, at: datetime) -> list[int]:
    """Ids of those who have the tag now and did not before."""
    return [customer_id for (customer_id,) in _fetch_rows(ADD_TAG, {"ids": list(ids), "tag": tag, "at": at})]


def remove_tag(ids: Sequence[int], tag: str, at: datetime) -> list[int]:
    """Ids of those who had the tag and have it no more."""
    return [customer_id for (customer_id,) in _fetch_rows(REMOVE_TAG, {"ids": list(ids), "tag": tag, "at": at})]


def set_owner(ids: Sequence[int], owner_id: int | None, at: datetime) -> dict[int, int | None]:
    """Customer id → former owner of those whose owner changed."""
    return dict(_fetch_rows(SET_OWNER, {"ids": list(ids), "owner": owner_id, "at": at}))


def insert_created_entries(ids: Sequence[int], at: datetime) -> None:
    """The first entry on the timeline of each new customer."""
    with connection.cursor() as cursor:
        cursor.execute(CREATED_ENTRIES, {"ids": list(ids), "at": at})


def timeline_insert_sql(source: str) -> str:
    """SQL that writes entries in the statement of their cause: `source` selects customer, kind, at, data, object type and id."""
    return f"INSERT INTO customers_timelineentry (customer_id, kind, at, data, object_type, object_id) {source}"


def upsert_facts(kind: str, values: Mapping[int, tuple[str, Decimal | int | None]], at: datetime) -> int:
    """Write customer id → (value, number), in the order of the ids; returns how many changed."""
    ids = sorted(values)
    columns = {"ids": ids, "values": [values[pk][0] for pk in ids], "numbers": [values[pk][1] for pk in ids]}
    with cursor_for_keys(len(ids)) as cursor:
        cursor.execute(UPSERT_FACTS, {"kind": kind, "at": at, **columns})
        return int(cursor.rowcount)


def _fetch_rows(sql: str, values: dict[str, Any] | list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
