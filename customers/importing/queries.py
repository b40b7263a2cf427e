"""SQL of imports: a file has rows by the hundred thousand, so chunks are read, stored and counted in one statement each."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from customers.importing.models import Import, StagedRow

# The advisory lock (IMPORT_LOCK, id) is held by the session of the process that runs the import.
IMPORT_LOCK = 2
IS_LOCK_HELD = """
SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
               WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s AND d.datname = current_database())
"""
# By the partial index on waiting rows: a chunk costs its own rows, however long the file is.
PENDING_ROWS = """
SELECT row_no, "group", "values", warnings FROM customers_importrow
WHERE batch_id = %(batch)s AND outcome IS NULL AND "group" >= %(first)s AND "group" < %(first)s + %(limit)s ORDER BY row_no
"""
NEXT_GROUP = """
SELECT "group" FROM customers_importrow WHERE batch_id = %(batch)s AND outcome IS NULL AND "group" > %(after)s
ORDER BY "group" LIMIT 1
"""
STORE_OUTCOMES = """
UPDATE customers_importrow r
SET outcome = t.outcome, customer_id = t.customer_id, customer_outcome = t.customer_outcome, "column" = t.col, reason = t.reason,
    warnings = t.warnings::jsonb
FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
     AS t(row_no, outcome, customer_id, customer_outcome, col, reason, warnings)
WHERE r.batch_id = %s AND r.row_no = t.row_no
"""
CUSTOMER_COUNTS = """
SELECT best, count(*) FROM (
  SELECT min(CASE customer_outcome WHEN 'created' THEN 1 WHEN 'updated' THEN 2 ELSE 3 END) AS best
  FROM customers_importrow WHERE batch_id = %s AND outcome <> 'rejected' AND customer_id IS NOT NULL GROUP BY customer_id) t
GROUP BY best
"""
PRODUCT_COUNT = """
SELECT count(DISTINCT coalesce(nullif(trim("values" ->> 'sku'), ''), left(trim("values" ->> 'product_name'), 80)))
FROM customers_importrow WHERE batch_id = %s AND outcome <> 'rejected'
"""
FILE_CURRENCIES = """
SELECT DISTINCT coalesce(nullif(upper(trim("values" ->> 'currency')), ''), %s) FROM customers_importrow WHERE batch_id = %s LIMIT 200
"""
# A state stands in one of an order's rows at least.
FILE_STATE_WORDS = """
SELECT DISTINCT word FROM (
  SELECT coalesce(max(trim("values" ->> 'order_status')), '') AS word FROM customers_importrow WHERE batch_id = %s
  GROUP BY "group") of_order
ORDER BY word LIMIT 200
"""
CUSTOMER_OUTCOMES = ("created", "updated", "unchanged")  # as CUSTOMER_COUNTS ranks them


def try_import_lock(batch_id: int) -> bool:
    """True where this session holds the import from now on; False where another one does."""
    return bool(_fetch_value("SELECT pg_try_advisory_lock(%s, %s::int)", [IMPORT_LOCK, batch_id]))


def release_import_lock(batch_id: int) -> None:
    """Another session may run the import."""
    _fetch_value("SELECT pg_advisory_unlock(%s, %s::int)", [IMPORT_LOCK, batch_id])


def is_import_locked(batch_id: int) -> bool:
    """Whether any session of this database holds the import."""
    return bool(_fetch_value(IS_LOCK_HELD, [IMPORT_LOCK, batch_id]))


def next_pending_rows(batch_id: int, after: int, groups: int) -> tuple[int, list[StagedRow]]:
    """The rows without an outcome of the next so many groups, and the last of these groups' numbers. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_GROUP, {"batch": batch_id, "after": after})
        first = cursor.fetchone()
        if first is None:
            return after, []
        cursor.execute(PENDING_ROWS, {"batch": batch_id, "first": first[0], "limit": groups})
        rows = [
            StagedRow(row_no, group, json.loads(values), warnings=json.loads(warnings) if warnings else [])
            for row_no, group, values, warnings in cursor.fetchall()
        ]
    return first[0] + groups - 1, rows


def store_outcomes(batch_id: int, rows: Sequence[StagedRow]) -> None:
    """Write the outcomes of a chunk in one statement."""
    columns: list[Any] = [
        [row.row_no for row in rows],
        [row.outcome for row in rows],
        [row.customer_id for row in rows],
        [row.customer_outcome for row in rows],
        [row.column for row in rows],
        [row.reason for row in rows],
        [json.dumps(row.warnings) if row.warnings else None for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE_OUTCOMES, [*columns, batch_id])


def count_customers(batch_id: int) -> dict[str, int]:
    """Outcome → customers; one of several rows counts once, by the best: created, then updated, then unchanged."""
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMER_COUNTS, [batch_id])
        return {CUSTOMER_OUTCOMES[best - 1]: count for best, count in cursor.fetchall()}


def count_products(batch_id: int) -> int:
    """Products that the accepted rows name, by SKU, else by name."""
    return int(_fetch_value(PRODUCT_COUNT, [batch_id]))


def file_currencies(batch: Import, default: str) -> list[str]:
    """The currencies that the rows name, up to 200; a row without one has the default."""
    with connection.cursor() as cursor:
        cursor.execute(FILE_CURRENCIES, [default, batch.pk])
        return [code for (code,) in cursor.fetchall()]


def file_state_words(batch_id: int) -> list[str]:
    """The states that the rows name, up to 200; '' where an order names none."""
    with connection.cursor() as cursor:
        cursor.execute(FILE_STATE_WORDS, [batch_id])
        return [word for (word,) in cursor.fetchall()]


def _fetch_value(sql: str, params: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]
