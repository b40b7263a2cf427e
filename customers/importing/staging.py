"""Staging: the file's rows go into a table first, so that a killed import knows where to go on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from crm.kernel.db.bulk_copy import copy_rows
from customers.importing import file_reader
from customers.importing.choices import ImportKind
from customers.importing.models import Import, ImportRow

STAGED_COLUMNS = ["batch_id", "row_no", "group", "values", "column", "reason"]
PENDING_ROWS = """
SELECT row_no, "group", "values" FROM customers_importrow
WHERE batch_id = %(batch)s AND outcome IS NULL AND "group" >= %(first)s AND "group" < %(first)s + %(limit)s ORDER BY row_no
"""
NEXT_GROUP = """
SELECT "group" FROM customers_importrow WHERE batch_id = %(batch)s AND outcome IS NULL AND "group" > %(after)s
ORDER BY "group" LIMIT 1
"""


@dataclass(slots=True)
class StagedRow:
    """A staged row on its way: what stands in it, and what comes of it."""

    row_no: int
    group: int
    values: dict[str, str]
    outcome: str | None = None
    customer_id: int | None = None
    customer_outcome: str | None = None
    column: str = ""
    reason: str = ""


@transaction.atomic
def stage_rows(batch: Import) -> int:
    """Copy every row of the file into the table, once; rows of one order share a group. Returns the number of rows."""
    if batch.staged:
        return batch.rows.count()
    ImportRow.objects.filter(batch=batch).delete()
    rows = ((batch.pk, line, group, json.dumps(values), "", "") for line, group, values in _rows_with_groups(batch))
    copy_rows(ImportRow, STAGED_COLUMNS, rows)
    batch.staged = True
    batch.save(update_fields=["staged"])
    return batch.rows.count()


def pending_row_chunks(batch: Import, groups: int) -> Iterator[list[StagedRow]]:
    """The rows without an outcome, so many groups at a time, each chunk read when the one before has taken effect."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_GROUP, {"batch": batch.pk, "after": after})
            first = cursor.fetchone()
            if first is None:
                return
            cursor.execute(PENDING_ROWS, {"batch": batch.pk, "first": first[0], "limit": groups})
            rows = [StagedRow(line, group, json.loads(values)) for line, group, values in cursor.fetchall()]
        yield rows
        after = first[0] + groups - 1


def _rows_with_groups(batch: Import) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(line, group, target → cell): an order's rows in one group wherever they stand, any other row alone."""
    places = [(target, batch.columns.index(column)) for target, column in batch.mapping.items()]
    groups: dict[str, int] = {}
    count = 0
    for line, cells in file_reader.read_rows(Path(batch.file.path), batch.encoding, batch.delimiter):
        values = {target: _clean_cell(cells[place]) if place < len(cells) else "" for target, place in places}
        key = values.get("order_number", "").strip() if batch.kind == ImportKind.ORDERS else ""
        if key and key in groups:
            yield line, groups[key], values
            continue
        count += 1
        if key:
            groups[key] = count
        yield line, count, values


def _clean_cell(text: str) -> str:
    """Without the character that PostgreSQL refuses."""
    return text.replace("\x00", "�")
