"""Staging: the file's rows go into a table first, so that a killed import knows where to go on."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from customers.importing import reading
from customers.importing.choices import ImportKind
from customers.importing.models import Import, ImportRow

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
COPY = 'COPY customers_importrow (batch_id, row_no, "group", "values", "column", reason) FROM STDIN'


@transaction.atomic
def stage(batch: Import) -> int:
    """Copy every row of the file into the table, once; rows of one order share a group. Returns the number of rows."""
    if batch.staged:
        return batch.rows.count()
    ImportRow.objects.filter(batch=batch).delete()
    with connection.cursor() as cursor, cursor.cursor.copy(COPY) as copy:
        copy.set_types(["int8", "int4", "int4", "jsonb", "text", "text"])
        for line, group, values in _grouped(batch):
            copy.write_row((batch.pk, line, group, Jsonb(values), "", ""))
    batch.staged = True
    batch.save(update_fields=["staged"])
    return batch.rows.count()


def _grouped(batch: Import) -> Iterator[tuple[int, int, dict[str, str]]]:
    """(line, group, target → cell): an order's rows in one group wherever they stand, any other row alone."""
    places = [(target, batch.columns.index(column)) for target, column in batch.mapping.items()]
    groups: dict[str, int] = {}
    count = 0
    for line, cells in reading.rows(Path(batch.file.path), batch.encoding, batch.delimiter):
        values = {target: _cell(cells[place]) if place < len(cells) else "" for target, place in places}
        key = values.get("order_number", "").strip() if batch.kind == ImportKind.ORDERS else ""
        if key and key in groups:
            yield line, groups[key], values
            continue
        count += 1
        if key:
            groups[key] = count
        yield line, count, values


def _cell(text: str) -> str:
    """Without what PostgreSQL refuses, and without the apostrophe that our own exports put before a sign of formulas."""
    text = text.replace("\x00", "�")
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULAS else text
