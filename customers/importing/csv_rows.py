"""Rows of a CSV file whose quotation marks may be broken: a cell that swallows other rows is refused, never imported."""

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
    """The lines of a file; it remembers the last one, and whether a line was asked for after the end."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.last_line = ""
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            self.last_line = next(self.file)
        except StopIteration:
            self.is_over = True
            raise
        return self.last_line


def read_csv_rows(file: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row. Refused: BrokenQuote, where a cell in quotation marks runs on into other rows.

    A stray mark within one line (`"5" nail",3`) costs nothing but that mark. A cell of several lines must end where a
    cell ends, and its row must have as many cells as the header: two stray marks in different columns would make one
    row of two.
    """
    lines = LineReader(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = _reread_one_line(lines, reader, first_line, error)
        width = width or len(cells)
        if reader.line_num > first_line and (len(cells) < width or any(cells[width:])):
            raise BrokenQuote(first_line)
        yield first_line, cells


def _reread_one_line(lines: LineReader, reader: Any, first_line: int, error: csv.Error) -> list[str]:
    if lines.is_over or reader.line_num > first_line:
        raise BrokenQuote(first_line) from error
    try:
        return next(csv.reader([lines.last_line], delimiter=reader.dialect.delimiter))
    except csv.Error:
        raise BrokenQuote(first_line) from error
