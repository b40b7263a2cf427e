"""What came of an import, counted from its rows: so the figures are right after any restart."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from crm.kernel import company
from customers.importing.choices import ImportKind, RowOutcome
from customers.importing.models import Import
from customers.importing.staging import StagedRow
from customers.orders import exchange_rates

OUTCOMES = ("created", "updated", "unchanged")
STORE_OUTCOMES = """
UPDATE customers_importrow r
SET outcome = t.outcome, customer_id = t.customer_id, customer_outcome = t.customer_outcome, "column" = t.col, reason = t.reason
FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
     AS t(row_no, outcome, customer_id, customer_outcome, col, reason)
WHERE r.batch_id = %s AND r.row_no = t.row_no
"""
CUSTOMER_COUNTS = """
SELECT best, count(*) FROM (
  SELECT min(CASE customer_outcome WHEN 'created' THEN 1 WHEN 'updated' THEN 2 ELSE 3 END) AS best
  FROM customers_importrow WHERE batch_id = %s AND outcome <> 'rejected' AND customer_id IS NOT NULL GROUP BY customer_id) t
GROUP BY best
"""
ORDER_COUNTS = (
    'SELECT outcome, count(DISTINCT "group"), count(*) FROM customers_importrow WHERE batch_id = %s GROUP BY outcome'
)
PRODUCT_COUNT = """
SELECT count(DISTINCT coalesce(nullif(trim("values" ->> 'sku'), ''), left(trim("values" ->> 'product_name'), 80)))
FROM customers_importrow WHERE batch_id = %s AND outcome <> 'rejected'
"""
FILE_CURRENCIES = """
SELECT DISTINCT coalesce(nullif(upper(trim("values" ->> 'currency')), ''), %s) FROM customers_importrow WHERE batch_id = %s LIMIT 200
"""


def store_outcomes(batch_id: int, rows: Sequence[StagedRow]) -> None:
    """Write the outcomes of a chunk in one statement."""
    columns: list[Any] = [
        [row.row_no for row in rows],
        [row.outcome for row in rows],
        [row.customer_id for row in rows],
        [row.customer_outcome for row in rows],
        [row.column for row in rows],
        [row.reason for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE_OUTCOMES, [*columns, batch_id])


def count_outcomes(batch: Import) -> dict[str, Any]:
    """`{"rows", "customers": {"created", "updated", "unchanged"}, "orders": …, "lines": …, "products": …, "rejected"}`.

    A customer who was made by one row and met again by others counts once, as created.
    """
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMER_COUNTS, [batch.pk])
        people = {OUTCOMES[best - 1]: n for best, n in cursor.fetchall()}
        cursor.execute(ORDER_COUNTS, [batch.pk])
        by_outcome = {outcome: (groups, rows) for outcome, groups, rows in cursor.fetchall()}
        cursor.execute(PRODUCT_COUNT, [batch.pk])
        products = cursor.fetchone()[0] if batch.kind == ImportKind.ORDERS else 0
    is_orders = batch.kind == ImportKind.ORDERS
    made = batch.counts.get("products_created", 0)
    return {
        "rows": sum(rows for _groups, rows in by_outcome.values()),
        "customers": {name: people.get(name, 0) for name in OUTCOMES},
        "orders": {name: by_outcome.get(name, (0, 0))[0] if is_orders else 0 for name in OUTCOMES},
        "lines": {name: by_outcome.get(name, (0, 0))[1] if is_orders else 0 for name in OUTCOMES},
        "products": {"created": made, "updated": 0, "unchanged": max(0, products - made)},
        "rejected": by_outcome.get(RowOutcome.REJECTED, (0, 0))[1],
    }


def file_currencies_without_rate(batch: Import) -> list[str]:
    """Currencies of the file's orders that would count one to one, for want of a rate. Two queries."""
    if batch.kind != ImportKind.ORDERS:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            FILE_CURRENCIES, [batch.options.get("currency") or company.get_company().base_currency, batch.pk]
        )
        return exchange_rates.currencies_never_stored(code for (code,) in cursor.fetchall())


def rejected_rows(batch: Import, limit: int | None = None) -> list[dict[str, Any]]:
    """Line, column of the file and reason of every rejected row, in the order of the file."""
    rows = batch.rows.filter(outcome=RowOutcome.REJECTED).order_by("row_no")
    return [
        {"line": row.row_no, "column": batch.mapping.get(row.column, row.column), "reason": row.reason}
        for row in (rows[:limit] if limit else rows)
    ]


def rejected_rows_table(batch: Import) -> Iterator[list[str]]:
    """The rejected rows as they stood in the file, with line and reason in front: to mend and import again."""
    targets = list(batch.mapping)
    yield ["Line", "Reason", *[batch.mapping[target] for target in targets]]
    for row in batch.rows.filter(outcome=RowOutcome.REJECTED).order_by("row_no").iterator():
        yield [
            str(row.row_no),
            f"{batch.mapping.get(row.column, row.column)}: {row.reason}",
            *[row.values.get(target, "") for target in targets],
        ]
