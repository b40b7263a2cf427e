"""What came of an import, counted from its rows, so the figures are right after any restart."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from crm.kernel import company
from customers.importing import queries
from customers.importing.choices import ImportKind, RowOutcome
from customers.importing.models import Import, ImportRow
from customers.orders import exchange_rates


def count_outcomes(batch: Import) -> dict[str, Any]:
    """How many rows, customers, orders, lines and products were created, updated or left unchanged, and rejected rows.

    Keys: `rows`, `customers`, `orders`, `lines`, `products` (each a dictionary by outcome), `consents` (topics that changed)
    and `rejected`.

    A customer who was made by one row and met again by others counts once, as created.
    """
    is_orders = batch.kind == ImportKind.ORDERS
    customers = queries.count_customers(batch.pk)
    by_outcome = {
        row["outcome"]: (row["groups"], row["rows"])
        for row in batch.rows.values("outcome").annotate(groups=Count("group", distinct=True), rows=Count("*"))
    }
    products = queries.count_products(batch.pk) if is_orders else 0
    products_created = batch.counts.get("products_created", 0)
    return {
        "rows": sum(rows for _groups, rows in by_outcome.values()),
        "customers": {name: customers.get(name, 0) for name in queries.CUSTOMER_OUTCOMES},
        "orders": {name: by_outcome.get(name, (0, 0))[0] if is_orders else 0 for name in queries.CUSTOMER_OUTCOMES},
        "lines": {name: by_outcome.get(name, (0, 0))[1] if is_orders else 0 for name in queries.CUSTOMER_OUTCOMES},
        "products": {
            "created": products_created,
            "updated": 0,
            "unchanged": max(0, products - products_created),
        },
        "consents": batch.counts.get("consents", 0),
        "rejected": by_outcome.get(RowOutcome.REJECTED, (0, 0))[1],
    }


def file_currencies_without_rate(batch: Import) -> list[str]:
    """Currencies of the file's orders that would wait, because no rate was ever stored. Two queries."""
    if batch.kind != ImportKind.ORDERS:
        return []
    default = batch.options.get("currency") or company.get_company().base_currency
    return exchange_rates.currencies_never_stored(queries.file_currencies(batch, default))


def rejected_rows(batch: Import, limit: int | None = None) -> list[dict[str, Any]]:
    """Line, column of the file and reason of every rejected row, in the order of the file."""
    rows = batch.rows.filter(outcome=RowOutcome.REJECTED).order_by("row_no")
    return [
        {"line": row.row_no, "column": batch.mapping.get(row.column, row.column), "reason": row.reason}
        for row in (rows[:limit] if limit else rows)
    ]


def count_warnings(batch: Import) -> int:
    """Notes about the file, and rows with a warning. One query."""
    return len(batch.notes) + _warned_rows(batch).count()


def import_warnings(batch: Import, limit: int | None = None) -> list[dict[str, Any]]:
    """Line, column of the file and reason of all that was lost or odd, though its row came in; in the order of the file."""
    warnings = [{"line": line, "column": column, "reason": reason} for line, column, reason in batch.notes]
    rows = _warned_rows(batch)
    for row in rows[:limit] if limit else rows.iterator():
        warnings += [
            {"line": row.row_no, "column": batch.mapping.get(target, target), "reason": reason}
            for target, reason in row.warnings or ()
        ]
    return sorted(warnings, key=lambda warning: warning["line"])[:limit]


def warnings_table(batch: Import) -> Iterator[list[str]]:
    """Header and all warnings, each with the cell as it stood in the file."""
    yield [_("Line"), _("Column"), _("Reason"), _("In the file")]
    for line, column, reason in batch.notes:
        yield [str(line), column, reason, ""]
    for row in _warned_rows(batch).iterator():
        for target, reason in row.warnings or ():
            yield [str(row.row_no), batch.mapping.get(target, target), reason, row.values.get(target, "")]


def rejected_rows_table(batch: Import) -> Iterator[list[str]]:
    """Header and rejected rows as they stood in the file, with line and reason in front: to correct and import again."""
    keys = list(batch.mapping)
    yield ["Line", "Reason", *[batch.mapping[key] for key in keys]]
    for row in batch.rows.filter(outcome=RowOutcome.REJECTED).order_by("row_no").iterator():
        yield [
            str(row.row_no),
            f"{batch.mapping.get(row.column, row.column)}: {row.reason}",
            *[row.values.get(key, "") for key in keys],
        ]


def _warned_rows(batch: Import) -> QuerySet[ImportRow]:
    """Rows that came in and lost something, or would be surprising, in the order of the file."""
    return batch.rows.filter(warnings__isnull=False).exclude(outcome=RowOutcome.REJECTED).order_by("row_no")
