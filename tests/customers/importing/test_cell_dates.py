"""Dates in any usual writing; which number is the day, the whole column tells."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crm.kernel.files import csv_cells
from customers.importing import cell_dates
from customers.importing.cell_dates import BadDate, DateEvidence

pytestmark = pytest.mark.rule("CU-30", "PL-51")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("01.12.2025", "", date(2025, 12, 1)),
        ("01/12/2025", "", date(2025, 1, 12)),
        ("01/12/2025", "dmy", date(2025, 12, 1)),
        ("01.12.2025", "mdy", date(2025, 1, 12)),
        ("25/12/01", "ymd", date(2025, 12, 1)),
        ("13.12.2025", "mixed", date(2025, 12, 13)),
        ("12/13/2025", "mixed", date(2025, 12, 13)),
        ("20231106", "", date(2023, 11, 6)),
        ("45231", "serial", date(2023, 11, 1)),
        ("2026年1月31日", "dmy", date(2026, 1, 31)),
        ("2026/1/31", "dmy", date(2026, 1, 31)),
        ("1 December 2025", "", date(2025, 12, 1)),
        ("Dec 1, 2025", "", date(2025, 12, 1)),
        ("01-Dec-25", "", date(2025, 12, 1)),
        ("1. März 2025", "", date(2025, 3, 1)),
        ("1er août 2025", "", date(2025, 8, 1)),
        ("1 de diciembre de 2025", "", date(2025, 12, 1)),
        ("\u200e01.12.2025\u200b", "", date(2025, 12, 1)),
        ("２０２５－１２－０１", "", date(2025, 12, 1)),
    ],
)
def test_day_is_understood_in_its_writing(cell, order, day):
    assert cell_dates.parse_date(cell, order) == day


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("", ""),
        ("soon", ""),
        ("31.02.2025", ""),
        ("13/13/2025", ""),
        ("20231306", ""),
        ("45231", ""),
        ("12/13/2025", "dmy"),
        ("1 Foo 2025", ""),
    ],
)
def test_what_is_no_day_is_refused(cell, order):
    with pytest.raises(BadDate, match="is no date"):
        cell_dates.parse_date(cell, order)


def test_column_of_both_orders_refuses_what_could_be_two_dates():
    with pytest.raises(BadDate, match="could be two dates"):
        cell_dates.parse_date("01/12/2025", "mixed")


@pytest.mark.parametrize(
    ("cell", "order", "instant"),
    [
        ("01.12.2025, 10:30", "", datetime(2025, 12, 1, 9, 30, tzinfo=UTC)),
        ("12/1/2025 3:05 PM", "", datetime(2025, 12, 1, 14, 5, tzinfo=UTC)),
        ("2025/12/1 下午3:05", "", datetime(2025, 12, 1, 14, 5, tzinfo=UTC)),
        ("12/1/2025 12:05 a.m.", "", datetime(2025, 11, 30, 23, 5, tzinfo=UTC)),
        ("2025-12-01 10:00:00 +0800", "", datetime(2025, 12, 1, 2, tzinfo=UTC)),
        ("2025-12-01 10:00:00 UTC", "", datetime(2025, 12, 1, 10, tzinfo=UTC)),
        ("1 Dec 2025 10:00 GMT+08:00", "", datetime(2025, 12, 1, 2, tzinfo=UTC)),
        ("2025-12-01T10:00:00.500Z", "", datetime(2025, 12, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("20251201", "", datetime(2025, 11, 30, 23, tzinfo=UTC)),
        ("45231.5", "serial", datetime(2023, 11, 1, 11, tzinfo=UTC)),
    ],
)
def test_instant_is_local_unless_it_has_an_offset(cell, order, instant):
    assert cell_dates.parse_instant(cell, order, BERLIN) == instant


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2025-12-01 25:00", "no date"),
        ("12/1/2025 13:05 PM", "no date"),
        ("0001-01-01", "out of range"),
        ("2100-01-01", "out of range"),
    ],
)
def test_instant_that_cannot_be_is_refused(cell, reason):
    with pytest.raises(BadDate, match=reason):
        cell_dates.parse_instant(cell, "", BERLIN)


@pytest.mark.parametrize(
    ("cells", "order", "unproven"),
    [
        (["01.12.2025", "13.12.2025"], "dmy", "01.12.2025"),
        (["01/12/2025", "01/13/2025 10:00"], "mdy", "01/12/2025"),
        (["99/01/31"], "ymd", ""),
        (["13.12.2025", "12.13.2025"], "mixed", ""),
        (["01.12.2025", "05.05.2025"], "", "01.12.2025"),
        (["2025-12-01", "2025/1/2", "1 December 2025", "soon"], "", ""),
        (["45231", "45232.5"], "serial", ""),
        (["45231", "2025-12-01"], "", ""),
        (["24.12", "1.2"], "dmy", "1.2"),
    ],
)
def test_column_proves_its_order(cells, order, unproven):
    evidence = DateEvidence()
    for cell in cells:
        evidence.add_cell(cell)

    assert (evidence.order, evidence.unproven) == (order, unproven)


@pytest.mark.parametrize(
    ("region", "order"), [("US", "mdy"), ("GB", "dmy"), ("DE", "dmy"), ("CN", "mdy"), ("??", "mdy")]
)
def test_country_has_its_usual_order(region, order):
    assert cell_dates.usual_date_order(region) == order


@pytest.mark.parametrize(
    ("cell", "order", "month", "day"),
    [("24.12.", "", 12, 24), ("6/5", "", 6, 5), ("6/5", "dmy", 5, 6), ("--06-05", "", 6, 5), ("6月5日", "dmy", 6, 5)],
)
def test_birthday_without_a_year_follows_its_column(cell, order, month, day):
    assert cell_dates.parse_birthday(cell, order, date(2026, 11, 28)) == {
        "birth_month": month,
        "birth_day": day,
        "birth_year": None,
    }


@pytest.mark.rule("PL-30")
@given(
    instant=some.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=some.just(UTC)),
    zone=some.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_an_instant_comes_back_from_a_file_as_it_went_out(instant, zone):
    whole = instant.replace(microsecond=0)

    cell = csv_cells.neutralize_cell(whole, ZoneInfo(zone))

    assert cell_dates.parse_instant(str(cell), "", BERLIN) == whole
