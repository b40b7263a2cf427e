"""Reading files: encoding, delimiter and rows, whatever program wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from crm.kernel.files import csv_cells
from customers.importing import csv_rows

ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "gb18030", "big5", "cp1252")
SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 20
# A table of customers or orders has dozens; thousands would hang the mapping page, whose form has a choice for each.
MAX_COLUMNS = 500


class UnreadableFile(Exception):
    """The file cannot be read as a table; the message says why."""


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
        with path.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
        encoding = encoding or detect_encoding(head)
        delimiter = delimiter or detect_delimiter(_decode_head(head, encoding))
    rows = _all_rows(path, encoding, delimiter)
    try:
        _line, columns = next(rows)
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
    next(rows, None)
    return ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells))


def is_workbook(path: Path) -> bool:
    """True for XLSX and its kin, told by the first bytes and not by the name."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def detect_encoding(head: bytes) -> str:
    """A byte order mark or strict UTF-8 decide; otherwise a guess, which the user sees in the preview and may change."""
    if not head:
        raise UnreadableFile(_("The file is empty."))
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in head:
        raise UnreadableFile(_("This is no text file and no workbook."))
    try:
        _decode_head(head, "utf-8", strict=True)
        return "utf-8"
    except UnicodeError:
        return _guess_encoding(head)


def _guess_encoding(head: bytes) -> str:
    best = from_bytes(head, cp_isolation=["gb18030", "big5", "cp1252"]).best()
    return best.encoding if best is not None and best.encoding in ENCODINGS else "gb18030"


def _decode_head(head: bytes, encoding: str, *, strict: bool = False) -> str:
    """The sample as text; its last character may be cut in two."""
    for cut in range(4):
        try:
            return head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            if len(head) < SAMPLE_BYTES:
                break
    if strict:
        return head.decode(encoding)
    return head.decode(encoding, errors="replace")


def detect_delimiter(text: str) -> str:
    """The candidate that splits the first lines into the most, equally many cells."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in ",;\t|"}
    return max(counts, key=lambda mark: (min(counts[mark], default=0) > 0, sum(counts[mark])))


def _all_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Header and rows, without the apostrophes by which our own exports keep cells from being formulas."""
    rows = _workbook_rows(path) if is_workbook(path) else _csv_rows(path, encoding, delimiter)
    return ((line, [csv_cells.restore_cell(cell) for cell in cells]) for line, cells in rows)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open("r", encoding=encoding, newline="") as file:
            yield from csv_rows.read_csv_rows(file, delimiter)
    except csv_rows.BrokenQuote as error:
        raise UnreadableFile(
            _("A quotation mark is missing or too many: the cell that begins in line %(line)s swallows other rows.")
            % {"line": error.line}
        ) from error
    except UnicodeError as error:
        raise UnreadableFile(_("The file cannot be read as %(encoding)s.") % {"encoding": encoding}) from error


def _workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            yield line, [_cell_text(cell) for cell in cells]
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
        name = column.strip().lstrip("\ufeff") or _("Column %(place)s") % {"place": place}
        names.append(name if name not in names else f"{name} ({place})")
    return names


def _first_rows(source: Iterator[Any], limit: int) -> Iterator[Any]:
    for _count, row in zip(range(limit), source, strict=False):
        yield row
