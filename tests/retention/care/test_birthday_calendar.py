"""Solar birthdays with leap days, lunar ones by the Chinese calendar; dates checked against another library."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Lunar, LunarYear, Solar

from retention.care import birthday_calendar
from retention.care.birthday_calendar import BirthdayMatch


@pytest.mark.rule("RC-4")
def test_leap_day_is_greeted_on_the_28th_in_common_years():
    greeted = [birthday_calendar.solar_birthday(2, 29, year) for year in (2025, 2026, 2027, 2028)]

    assert greeted == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]
    assert BirthdayMatch(2, 29, False, False, 2026) in birthday_calendar.birthdays_on(date(2026, 2, 28))
    assert BirthdayMatch(2, 29, False, False, 2028) not in birthday_calendar.birthdays_on(date(2028, 2, 28))
    assert BirthdayMatch(2, 29, False, False, 2026) in birthday_calendar.birthdays_on(
        date(2026, 3, 1), march_first=True
    )
    assert BirthdayMatch(2, 29, False, False, 2026) not in birthday_calendar.birthdays_on(
        date(2026, 2, 28), march_first=True
    )


@pytest.mark.rule("RC-4")
@pytest.mark.parametrize(
    ("month", "day", "leap", "year", "solar"),
    [
        (1, 1, False, 2026, date(2026, 2, 17)),  # new year
        (8, 15, False, 2026, date(2026, 9, 25)),  # mid-autumn
        (6, 1, True, 2025, date(2025, 7, 25)),  # 2025 has a leap sixth month
        (6, 1, False, 2025, date(2025, 6, 25)),
        (6, 1, True, 2026, date(2026, 7, 14)),  # 2026 has none: the ordinary month
        (12, 30, False, 2025, date(2026, 2, 16)),  # the twelfth month of 2025 has 29 days
    ],
)
def test_lunar_birthday(month, day, leap, year, solar):
    assert birthday_calendar.lunar_birthday(month, day, leap, year) == solar


@pytest.mark.rule("RC-4")
@given(st.integers(1, 12), st.integers(1, 30), st.booleans(), st.integers(1990, 2060))
def test_lunar_birthday_agrees_with_another_calendar(month, day, leap, year):
    has_leap = LunarYear.fromYear(year).getLeapMonth() == month
    signed = -month if leap and has_leap else month
    last = LunarYear.fromYear(year).getMonth(signed).getDayCount()
    solar = Lunar.fromYmd(year, signed, min(day, last)).getSolar()

    assert birthday_calendar.lunar_birthday(month, day, leap, year) == date(
        solar.getYear(), solar.getMonth(), solar.getDay()
    )


@pytest.mark.rule("RC-4")
@given(st.integers(1, 12), st.integers(1, 30), st.booleans(), st.integers(1990, 2060))
def test_each_lunar_birthday_is_greeted_on_its_day_and_no_other_of_its_year(month, day, leap, year):
    on = birthday_calendar.lunar_birthday(month, day, leap, year)
    mine = BirthdayMatch(month, day, True, leap, year)

    around = [
        each
        for each in (on + timedelta(days=n) for n in range(-40, 41))
        if mine in birthday_calendar.birthdays_on(each)
    ]

    assert around == [on]


@pytest.mark.rule("RC-4")
@given(st.integers(1, 12), st.integers(1, 31), st.booleans(), st.integers(1990, 2060))
def test_each_solar_birthday_comes_once_a_year(month, day, march_first, year):
    if day > (date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day:
        return
    mine = BirthdayMatch(month, day, False, False, year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]

    assert sum(mine in birthday_calendar.birthdays_on(each, march_first=march_first) for each in days) == 1


def test_days_outside_the_lunar_tables_have_solar_birthdays_only():
    assert birthday_calendar.birthdays_on(date(2150, 5, 5)) == (BirthdayMatch(5, 5, False, False, 2150),)
    assert Solar.fromYmd(2026, 2, 17).getLunar().getMonth() == 1
