"""Writing tables for spreadsheets: the only way out for exports, so that no cell becomes a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Excel takes a file without this mark for the machine's own code page and shows Chinese as rubbish.
BYTE_ORDER_MARK = "\ufeff"


def neutralize_cell(value: Any) -> str | int:
    """A value as a spreadsheet may read it: text that begins like a formula gets an apostrophe before it (CU-31)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


class CsvWriter:
    """A CSV file in UTF-8 that Excel opens rightly; every cell is neutral."""

    def __init__(self, file: IO[str], header: Sequence[Any]) -> None:
        file.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(file)
        self.rows = 0
        self._writer.writerow([neutralize_cell(name) for name in header])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows."""
        for row in rows:
            self._writer.writerow([neutralize_cell(value) for value in row])
            self.rows += 1
