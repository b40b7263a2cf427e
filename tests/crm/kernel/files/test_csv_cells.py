"""Tables for spreadsheets: no cell becomes a formula, none loses its meaning."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from crm.kernel.files import csv_cells

pytestmark = pytest.mark.rule("CU-31", "PL-53")


RISKY = [
    "=1+1", "+861381", "-1", "@cmd", "\tx", "\r=1", "\n=1", " =1", "  =1+1", "\u3000=1", "\u00a0=1", "\u200b=1", "\ufeff=1",
    "＝HYPERLINK(1)", "＋1", "－1", "＠x", "﹦1", "\x00=1", "\x0b=1", "'=1", "''=1", "' =1",
]  # fmt: skip
PLAIN = ["a=b", "林", "", "'tis", "''", " ", "\u3000林", "1-2", "–", "O'Brien", " '=1"]


@pytest.mark.parametrize("text", RISKY)
def test_text_that_begins_like_a_formula_goes_out_with_an_apostrophe_and_comes_back(text):
    written = csv_cells.neutralize_cell(text)

    assert written == "'" + text.replace("\x00", "")
    assert csv_cells.restore_cell(written) == text.replace("\x00", "")


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_goes_out_and_comes_back_as_it_is(text):
    assert csv_cells.neutralize_cell(text) == text
    assert csv_cells.restore_cell(text) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""), (7, 7), (-7, -7), (True, "1"), (Decimal("-1.50"), "-1.50"), (Decimal("1E+3"), "1000"),
        (date(2026, 2, 28), "2026-02-28"), (datetime(2026, 2, 28, 1, 2, 3, tzinfo=UTC), "2026-02-28T01:02:03+00:00"),
    ],
)  # fmt: skip
def test_other_values_stand_as_a_spreadsheet_reads_them(value, written):
    assert csv_cells.neutralize_cell(value) == written


@pytest.mark.rule("PL-30")
def test_an_instant_stands_on_the_readers_clock_with_its_offset():
    instant = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)

    with timezone.override(ZoneInfo("Asia/Taipei")):
        by_reader = csv_cells.neutralize_cell(instant)
    by_job = csv_cells.neutralize_cell(instant, ZoneInfo("America/New_York"))

    assert (by_reader, by_job) == ("2026-02-01T01:30:00+08:00", "2026-01-31T12:30:00-05:00")
    assert {datetime.fromisoformat(text) for text in (by_reader, by_job)} == {instant}


@given(rows=some.lists(some.lists(some.text(max_size=12), min_size=2, max_size=2), max_size=6))
def test_file_reads_back_and_no_cell_begins_like_a_formula(rows):
    file = io.StringIO(newline="")

    csv_cells.CsvWriter(file, ["a", "b"]).write(rows)

    cells = list(csv.reader(io.StringIO(file.getvalue().removeprefix("\ufeff"), newline="")))[1:]
    assert not [cell for row in cells for cell in row if cell.lstrip()[:1] in tuple(csv_cells.FORMULA_SIGNS)]
    assert [[csv_cells.restore_cell(cell) for cell in row] for row in cells] == [
        [value.replace("\x00", "") for value in row] for row in rows
    ]


def test_download_names_its_file_and_neutralizes_header_and_rows():
    response = csv_cells.build_csv_response("points.csv", ["=month", "points"], [["＝1", 5], ["2026-01", -3]])

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="points.csv"'
    assert response.content.decode() == "\ufeff'=month,points\r\n'＝1,5\r\n2026-01,-3\r\n"
