"""Periods of reports: days that exist, and instants where clocks jump."""

from datetime import UTC, date, datetime

import pytest

from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("text", ["2026-02-30", "", "x", "0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31"])
def test_day_that_cannot_be_used_names_its_field(text):
    with pytest.raises(BadPeriod, match=r"^start: "):
        periods.parse_day(text, "start")


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_period_must_have_a_day(end):
    with pytest.raises(BadPeriod, match=r"^end: "):
        Period(date(2026, 1, 1), end)


def test_period_before_has_as_many_days():
    assert Period(date(2024, 2, 1), date(2024, 3, 1)).previous_period() == Period(date(2024, 1, 3), date(2024, 2, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -12, date(2025, 3, 31)),
    ],
)
def test_months_later_is_clamped_to_the_month(day, months, later):
    assert periods.add_months(day, months) == later


def test_midnight_in_a_gap_is_the_first_instant_after_it():
    # Santiago springs forward at midnight: 6 September 2026 begins at 01:00, which is 04:00 UTC.
    assert periods.local_midnight(date(2026, 9, 6), "America/Santiago") == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert periods.local_midnight(date(2026, 9, 7), "America/Santiago") == datetime(2026, 9, 7, 3, tzinfo=UTC)
