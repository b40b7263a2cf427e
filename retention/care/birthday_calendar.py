"""Which birthdays are greeted on a day: solar with leap days, lunar with leap months and months of 29 days. Pure.

Solar: 29 February is greeted on 28 February (or 1 March) in common years. Lunar: who was born in a leap month is
greeted in the ordinary month where the year has no such leap month; who was born on day 30, on day 29 of a month of 29.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate


@dataclass(frozen=True)
class BirthdayMatch:
    """A kind of birthday that is greeted on a day: as stored with customers, and the year of its occasion."""

    month: int
    day: int
    lunar: bool
    leap_month: bool
    year: int


@lru_cache(maxsize=4096)
def birthdays_on(day: date, *, march_first: bool = False) -> tuple[BirthdayMatch, ...]:
    """Every stored birthday that falls on this day. The occasion's year is the calendar's own: a lunar birthday
    of the twelfth month belongs to the lunar year that ends, so each year has one."""
    return (*_solar_matches(day, march_first), *_lunar_matches(day))


def solar_birthday(month: int, day: int, year: int, *, march_first: bool = False) -> date:
    """The day on which a solar birthday is greeted in a year."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1) if march_first else date(year, 2, 28)


def lunar_birthday(month: int, day: int, leap_month: bool, year: int) -> date:
    """The solar day on which a lunar birthday is greeted in a lunar year."""
    leap = leap_month and LCalendars.leap_month(year) == month
    last = LCalendars.ndays(year, month, int(leap))
    return LunarDate(year, month, min(day, last), int(leap)).to_solar_date()


def _solar_matches(day: date, march_first: bool) -> list[BirthdayMatch]:
    matches = [BirthdayMatch(day.month, day.day, False, False, day.year)]
    stand_in = (3, 1) if march_first else (2, 28)
    if (day.month, day.day) == stand_in and solar_birthday(2, 29, day.year, march_first=march_first) == day:
        matches.append(BirthdayMatch(2, 29, False, False, day.year))
    return matches


def _lunar_matches(day: date) -> list[BirthdayMatch]:
    try:
        lunar = LunarDate.from_solar(day)
    except (InvalidLunarDateError, ValueError):  # outside 1900–2100
        return []
    days = [lunar.day]
    if lunar.day == 29 and LCalendars.ndays(lunar.year, lunar.month, lunar.leap) == 29:
        days.append(30)
    has_leap_twin = LCalendars.leap_month(lunar.year) == lunar.month
    born_in_leap = [True] if lunar.leap else [False] if has_leap_twin else [False, True]
    return [
        BirthdayMatch(lunar.month, birthday_day, True, leap, lunar.year)
        for birthday_day in days
        for leap in born_in_leap
    ]
