"""Reading files: delimiter and rows, whatever program wrote them; what is no text in the encoding becomes `�`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import plain_text
from crm.kernel.files import csv_cells
from customers.importing import csv_rows
from customers.importing.cell_parsing import DAMAGED
from customers.importing.file_encodings import ENCODINGS, SAMPLE_BYTES, UnreadableFile, detect_encoding, get_codec

__all__ = [
    "ENCODINGS",
    "FileLayout",
    "UnreadableFile",
    "detect_layout",
    "is_workbook",
    "read_rows",
    "repeated_headers",
    "unread_sheets",
]

SAMPLE_ROWS = 20
# A table of customers or orders has dozens; thousands would hang the mapping page, whose form has a choice for each.
MAX_COLUMNS = 500
# How Excel is told the delimiter; the line is no part of the table.
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')
REPEATED_HEADER = re.compile(r"(.+) \((\d+)\)", re.DOTALL)


@dataclass(frozen=True)
class FileLayout:
    """How a file is laid out. `encoding` and `delimiter` are '' for a workbook."""

    encoding: str
    delimiter: str
    columns: list[str]
    sample: list[list[str]]


def detect_layout(path: Path, encoding: str = "", delimiter: str = "") -> FileLayout:
    """Detect what is not given and read the header with a sample. Refused: UnreadableFile, where there is no table."""
    if is_workbook(path):
        encoding, delimiter = "", ""
    else:
        encoding = encoding or detect_encoding(path)
        delimiter = delimiter or detect_delimiter(_read_head(path, encoding))
    rows = _all_rows(path, encoding, delimiter)
    try:
        columns = _next_header(rows)
        if len(columns) > MAX_COLUMNS:
            raise UnreadableFile(_too_wide(len(columns)))
        sample = [row for _number, row in _first_rows(rows, SAMPLE_ROWS)]
    except StopIteration as error:
        raise UnreadableFile(_("The file is empty.")) from error
    columns = _unique_headers(columns)
    return FileLayout(encoding, delimiter, columns, sample)


def _too_wide(count: int) -> str:
    return _("The file has %(count)s columns, and %(most)s can be taken at most. Is the delimiter the right one?") % {
        "count": f"{count:,}",
        "most": MAX_COLUMNS,
    }


def read_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line of the file, cells) of every row after the header that is not wholly blank."""
    rows = _all_rows(path, encoding, delimiter)
    try:
        _next_header(rows)
    except StopIteration:
        return iter(())
    return ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells))


def is_workbook(path: Path) -> bool:
    """True for XLSX and its kin, told by the first bytes and not by the name."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def repeated_headers(columns: list[str]) -> list[tuple[str, str]]:
    """(name in the file, name here) of columns whose name stands further left already."""
    numbered = [(REPEATED_HEADER.fullmatch(column), place) for place, column in enumerate(columns, start=1)]
    return [
        (match[1], match[0])
        for match, place in numbered
        if match and match[2] == str(place) and match[1] in columns[: place - 1]
    ]


def detect_delimiter(text: str) -> str:
    """What a line `sep=;` says, else the candidate that splits the first lines into the most, equally many cells."""
    if separator := SEPARATOR_LINE.fullmatch(text.partition("\n")[0]):
        return separator[1]
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in ",;\t|"}
    return max(counts, key=lambda mark: (min(counts[mark], default=0) > 0, sum(counts[mark])))


def _read_head(path: Path, encoding: str) -> str:
    with _open_text(path, encoding) as file:
        return file.read(SAMPLE_BYTES)


def _open_text(path: Path, encoding: str) -> Any:
    """The file as text; a byte order mark is no part of it, and bytes that are no text become `�`."""
    return path.open("r", encoding=get_codec(path, encoding), errors="replace", newline="")


def _next_header(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The first row that is not blank. Raises StopIteration where there is none."""
    return next(cells for _line, cells in rows if any(cell.strip() for cell in cells))


def _all_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Header and rows, without the apostrophes by which our own exports keep cells from being formulas."""
    rows = _workbook_rows(path) if is_workbook(path) else _csv_rows(path, encoding, delimiter)
    return ((line, [csv_cells.restore_cell(cell) for cell in cells]) for line, cells in rows)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    skipped = 0
    try:
        with _open_text(path, encoding) as file:
            if SEPARATOR_LINE.fullmatch(file.readline(20)):
                skipped = 1
            else:
                file.seek(0)
            for line, cells in csv_rows.read_csv_rows(_storable_lines(file), delimiter):
                yield line + skipped, cells
    except csv_rows.BrokenQuote as error:
        raise UnreadableFile(
            _("A quotation mark is missing or too many: the cell that begins in line %(line)s swallows other rows.")
            % {"line": error.line + skipped}
        ) from error
    except UnicodeError as error:
        raise UnreadableFile(_("The file cannot be read as %(encoding)s.") % {"encoding": encoding}) from error


def _storable_lines(file: Iterator[str]) -> Iterator[str]:
    """Lines without the character that PostgreSQL refuses."""
    for line in file:
        yield line.replace("\x00", DAMAGED) if "\x00" in line else line


def _workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            yield line, [_cell_text(cell) for cell in cells]
    except (CalamineError, OSError) as error:
        raise UnreadableFile(_("The workbook is damaged.")) from error


def unread_sheets(path: Path) -> list[str]:
    """Names of the sheets of a workbook that hold something and are not read: only the first one is."""
    from python_calamine import CalamineError, CalamineWorkbook

    if not is_workbook(path):
        return []
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return [name for name in workbook.sheet_names[1:] if workbook.get_sheet_by_name(name).height]
    except (CalamineError, OSError) as error:
        raise UnreadableFile(_("The workbook is damaged.")) from error


def _cell_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time().isoformat() != "00:00:00" else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _unique_headers(columns: list[str]) -> list[str]:
    """Header names, each once: a blank one is named by its place, a repeated one gets a number."""
    names: list[str] = []
    for place, column in enumerate(columns, start=1):
        name = plain_text.trim_text(column) or _("Column %(place)s") % {"place": place}
        while name in names:
            name = f"{name} ({place})"
        names.append(name)
    return names


def _first_rows(source: Iterator[Any], limit: int) -> Iterator[Any]:
    for _count, row in zip(range(limit), source, strict=False):
        yield row
