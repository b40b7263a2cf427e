"""Tables for spreadsheets: no cell becomes a formula, none loses its meaning."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crm.kernel.files import csv_cells

pytestmark = pytest.mark.rule("CU-31", "PL-53")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), ("+861381", "'+861381"), ("-1", "'-1"), ("@cmd", "'@cmd"), ("\tx", "'\tx"), ("\r=1", "'\r=1"),
        (" =1", "' =1"), ("＝1", "'＝1"), ("a=b", "a=b"), ("林", "林"), ("", ""), (None, ""), (7, 7), (-7, -7), (True, "1"),
        (Decimal("-1.50"), "-1.50"), (Decimal("1E+3"), "1000"), (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, 1, 2, 3, tzinfo=UTC), "2026-02-28T01:02:03+00:00"), ("a\x00b", "ab"),
    ],
)  # fmt: skip
def test_cell(value, written):
    assert csv_cells.neutralize_cell(value) == written


@given(rows=some.lists(some.lists(some.text(max_size=12), min_size=2, max_size=2), max_size=6))
def test_file_reads_back_and_holds_no_formula(rows):
    file = io.StringIO(newline="")

    csv_cells.CsvWriter(file, ["a", "b"]).write(rows)

    back = list(csv.reader(io.StringIO(file.getvalue().removeprefix("\ufeff"), newline="")))[1:]
    assert len(back) == len(rows)
    for read, row in zip(back, rows, strict=True):
        for cell, value in zip(read, row, strict=True):
            assert not cell.lstrip(" ").startswith(csv_cells.FORMULA_SIGNS)
            assert cell.removeprefix("'") == value.replace("\x00", "").removeprefix("'") or cell == value.replace(
                "\x00", ""
            )
