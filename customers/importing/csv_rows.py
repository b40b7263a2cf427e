"""Rows of a CSV file whose quotation marks may be torn: a cell that swallows other rows is told, never taken."""

import csv
from collections.abc import Iterator
from typing import Any

csv.field_size_limit(1024 * 1024)


class BrokenQuote(Exception):
    """A quoted cell does not end where a cell ends; `line` is where its row begins."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class LineReader:
    """The lines of a file, with the last one at hand and whether more was wanted than there is."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.last = ""
        self.over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            self.last = next(self.file)
        except StopIteration:
            self.over = True
            raise
        return self.last


def read_csv_rows(file: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row. Torn where a cell in quotation marks runs on into other rows.

    A stray mark within one line (`"5" nail",3`) costs nothing but that mark. A cell of several lines must end where a
    cell ends, and its row must have as many cells as the header: two stray marks in different columns would make one
    row of two.
    """
    lines = LineReader(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = _reread_one_line(lines, reader, begins, error)
        width = width or len(cells)
        if reader.line_num > begins and (len(cells) < width or any(cells[width:])):
            raise BrokenQuote(begins)
        yield begins, cells


def _reread_one_line(lines: LineReader, reader: Any, begins: int, error: csv.Error) -> list[str]:
    if lines.over or reader.line_num > begins:
        raise BrokenQuote(begins) from error
    try:
        return next(csv.reader([lines.last], delimiter=reader.dialect.delimiter))
    except csv.Error:
        raise BrokenQuote(begins) from error
