"""Staging: the file's rows are copied into a table first, so that a killed import knows where to go on."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import plain_text
from crm.kernel.db.bulk_copy import copy_rows
from customers.importing import cell_numbers, file_reader, queries, return_rows
from customers.importing.choices import ImportKind
from customers.importing.column_styles import StyleDetector
from customers.importing.columns import CONTENT_KEY, IDENTITY_KEYS, MONEY_KEYS
from customers.importing.models import Import, ImportRow, StagedRow

STAGED_COLUMNS = ["batch_id", "row_no", "group", "values", "column", "reason", "warnings"]


@transaction.atomic
def stage_rows(batch: Import) -> int:
    """Copy every row of the file into the table, once; rows of one order share a group. Returns the number of rows.

    Afterwards the import knows what its columns prove (`styles`), and what was odd about the file as a whole (`notes`).
    """
    if batch.staged:
        return batch.rows.count()
    ImportRow.objects.filter(batch=batch).delete()
    table = FileTable(batch)
    copy_rows(ImportRow, STAGED_COLUMNS, table.rows())
    batch.staged, batch.styles, batch.notes = True, table.detector.proven_styles(), table.notes()
    batch.save(update_fields=["staged", "styles", "notes"])
    return batch.rows.count()


def pending_row_chunks(batch: Import, groups: int) -> Iterator[list[StagedRow]]:
    """The rows without an outcome, so many groups at a time; each chunk is read when the one before has taken effect."""
    last_group = -1
    while True:
        last_group, rows = queries.next_pending_rows(batch.pk, last_group, groups)
        if not rows:
            return
        yield rows


@dataclass
class FileTable:
    """The file of an import on its way into the table: its rows, and what shows only when all of them have been seen."""

    batch: Import
    groups: dict[str, int] = field(default_factory=dict)
    contents: Counter[str] = field(default_factory=Counter)
    first_nameless_line: int = 0
    last_group: int = 0

    def __post_init__(self) -> None:
        self.detector = StyleDetector(self.batch.mapping)
        self.is_orders = self.batch.kind == ImportKind.ORDERS
        self.identity_keys = [key for key in IDENTITY_KEYS if key in self.batch.mapping]

    def rows(self) -> Iterator[list[Any]]:
        """What is stored of each row: an order's rows in one group wherever they stand, any other row alone."""
        places = [(key, self.batch.columns.index(column)) for key, column in self.batch.mapping.items()]
        width = len(self.batch.columns)
        for line, cells in file_reader.read_rows(Path(self.batch.file.path), self.batch.encoding, self.batch.delimiter):
            values = {key: cells[place] if place < len(cells) else "" for key, place in places}
            self.detector.add_row(values)
            warnings = [] if len(cells) <= width else _extra_cells(cells[width:])
            if (
                self.is_orders
                and not values.get("currency")
                and (code := cell_numbers.named_currency(values, MONEY_KEYS))
            ):
                values["currency"] = code
            if not any(plain_text.trim_text(values[key]) for key in self.identity_keys):
                values[CONTENT_KEY] = self._content_ref(line, cells, values)
            kept = json.dumps(values)
            yield [self.batch.pk, line, self._group(values), kept, "", "", json.dumps(warnings) if warnings else None]

    def notes(self) -> list[list[Any]]:
        """[line, column, reason] of what concerns the file and no single row."""
        notes: list[list[Any]] = [
            [1, name, _("stands more than once in the first line; this one is called “%(name)s” here") % {"name": here}]
            for name, here in file_reader.repeated_headers(self.batch.columns)
        ]
        notes += [
            [1, "", _("the sheet “%(name)s” of the workbook is not read: only the first one is") % {"name": name}]
            for name in file_reader.unread_sheets(Path(self.batch.file.path))
        ]
        if count := self.contents.total():
            reason = ngettext(
                "%(n)s row has no customer number, e-mail or phone: it is known again only while it stays as it is",
                "%(n)s rows have no customer number, e-mail or phone: they are known again only while they stay as they are",
                count,
            )
            notes.append([self.first_nameless_line, "", reason % {"n": count}])
        return notes

    def _group(self, values: dict[str, str]) -> int:
        number = return_rows.order_number_of(values) if self.is_orders else ""
        if number and number in self.groups:
            return self.groups[number]
        self.last_group += 1
        if number:
            self.groups[number] = self.last_group
        return self.last_group

    def _content_ref(self, line: int, cells: list[str], values: dict[str, str]) -> str:
        """The same for the same row of another upload: twins in one file are told apart by their order."""
        number = return_rows.order_number_of(values) if self.is_orders else ""
        if number:
            return f"order {number}"
        self.first_nameless_line = self.first_nameless_line or line
        content = "\x1f".join(plain_text.trim_text(cell) for cell in cells).rstrip("\x1f")
        digest = hashlib.sha256(content.encode()).hexdigest()[:20]
        self.contents[digest] += 1
        return f"row {digest}" if self.contents[digest] == 1 else f"row {digest} {self.contents[digest]}"


def _extra_cells(cells: list[str]) -> list[list[str]]:
    filled = [text for cell in cells if (text := plain_text.trim_text(cell))]
    if not filled:
        return []
    reason = _("more cells than columns; these are left out: %(cells)s") % {"cells": " · ".join(filled)[:120]}
    return [["", reason]]
