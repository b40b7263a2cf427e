"""Staging: the file's rows are copied into a table first, so that a killed import knows where to go on."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from crm.kernel.db.bulk_copy import copy_rows
from customers.importing import file_reader, queries
from customers.importing.choices import ImportKind
from customers.importing.models import Import, ImportRow, StagedRow

STAGED_COLUMNS = ["batch_id", "row_no", "group", "values", "column", "reason"]


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
    """The rows without an outcome, so many groups at a time; each chunk is read when the one before has taken effect."""
    last_group = -1
    while True:
        last_group, rows = queries.next_pending_rows(batch.pk, last_group, groups)
        if not rows:
            return
        yield rows


def _rows_with_groups(batch: Import) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(line, group, key → cell): an order's rows in one group wherever they stand, any other row alone."""
    places = [(key, batch.columns.index(column)) for key, column in batch.mapping.items()]
    groups: dict[str, int] = {}
    count = 0
    for line, cells in file_reader.read_rows(Path(batch.file.path), batch.encoding, batch.delimiter):
        values = {key: _clean_cell(cells[place]) if place < len(cells) else "" for key, place in places}
        number = values.get("order_number", "").strip() if batch.kind == ImportKind.ORDERS else ""
        if number and number in groups:
            yield line, groups[number], values
            continue
        count += 1
        if number:
            groups[number] = count
        yield line, count, values


def _clean_cell(text: str) -> str:
    """Without the character that PostgreSQL refuses."""
    return text.replace("\x00", "�")
