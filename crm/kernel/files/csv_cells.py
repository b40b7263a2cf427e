"""The one way out for tables: CSV that spreadsheets open rightly, and in which no cell is a formula.

A spreadsheet runs a cell that begins like a formula, so such a cell goes out with an apostrophe before it;
`restore_cell` takes just that apostrophe off when one of our files comes back by an import.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Protocol

from django.http import HttpResponse
from django.utils import timezone

NEUTRAL_SIGN = "'"
# The first character of a formula, as typed, full width, and in the small forms that some fonts and programs take for it.
FORMULA_SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
# A cell that begins with one of these is split or trimmed by some spreadsheets, and what follows is read as a new cell.
CELL_BREAKS = "\t\r\n"
# What cannot be seen before a sign, and what spreadsheets trim: blanks, control characters, marks of no width.
_INVISIBLE = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
# Apostrophes before it do not count: a cell that brings one of its own gets another, and comes back with its own.
_RISKY = re.compile(f"{NEUTRAL_SIGN}*(?:[{CELL_BREAKS}]|{_INVISIBLE}*[{re.escape(FORMULA_SIGNS)}])")
# Excel takes a file without this mark for the machine's own code page and shows Chinese as rubbish.
BYTE_ORDER_MARK = "\ufeff"


class TextFile(Protocol):
    """Whatever text can be written to: a file, a response."""

    def write(self, text: str, /) -> object: ...


def neutralize_cell(value: Any, zone: tzinfo | None = None) -> str | int:
    """A value as a spreadsheet may read it: text that begins like a formula gets an apostrophe before it (CU-31).

    An instant is written as the clocks of the zone (the reader's, where none is given) show it, with their offset: read back
    by an import it is the same instant.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return (timezone.localtime(value, zone) if timezone.is_aware(value) else value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return NEUTRAL_SIGN + text if _RISKY.match(text) else text


def restore_cell(cell: str) -> str:
    """The text that `neutralize_cell` was given; any other text as it is."""
    return cell[1:] if cell[:1] == NEUTRAL_SIGN and _RISKY.match(cell, 1) else cell


class CsvWriter:
    """A CSV file in UTF-8 that Excel opens rightly; every cell is neutral. `rows` counts those after the header.

    Instants stand in `zone`: a job names that of whoever asked for the file, a request has its reader's by itself.
    """

    def __init__(self, file: TextFile, header: Sequence[Any], zone: tzinfo | None = None) -> None:
        self.zone = zone
        file.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(file)
        self.rows = 0
        self._write_row(header)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows."""
        for row in rows:
            self._write_row(row)
            self.rows += 1

    def _write_row(self, row: Sequence[Any]) -> None:
        self._writer.writerow([neutralize_cell(value, self.zone) for value in row])


def build_csv_response(file_name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file as a download."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
    CsvWriter(response, header).write(rows)
    return response
