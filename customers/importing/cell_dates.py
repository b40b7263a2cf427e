"""Dates as people and programs write them. Which of two numbers is the day, only the whole column can tell."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import get_date_format, get_month_names
from django.utils.translation import gettext as _

from crm.kernel import plain_text
from customers.importing.choices import DateOrder

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = DateOrder.DAY_FIRST.value, DateOrder.MONTH_FIRST.value, DateOrder.YEAR_FIRST.value
# A column that proves both orders, and one of day numbers of a spreadsheet.
MIXED, SERIAL = "mixed", "serial"
# Beyond these no calendar, zone and page can be trusted; such a date is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1900, 2100
SERIAL_START, FIRST_SERIAL, LAST_SERIAL = date(1899, 12, 30), 10_000, 73_050
LANGUAGES = ("en", "de", "fr", "es", "pt")
NUMERIC = re.compile(r"(\d{1,4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?", re.ASCII)
COMPACT = re.compile(r"(?:19|20)\d{6}", re.ASCII)
SERIAL_NUMBER = re.compile(r"[1-7]\d{4}(?:\.\d+)?", re.ASCII)
MONTH_DAY = re.compile(r"(?:--)?(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*[日.]?", re.ASCII)
_NAME = r"([^\W\d_]+)\.?"
DAY_MONTH_YEAR = re.compile(
    rf"(?:\w+\.?,\s*)?(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s-]*(?:de\s+)?{_NAME}[\s,-]*(?:de\s+)?(\d{{4}}|\d{{2}})"
)
MONTH_DAY_YEAR = re.compile(rf"(?:\w+\.?,\s*)?{_NAME}\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
CLOCK = re.compile(
    r"(?P<before>am|pm|上午|下午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<after>[ap]\.?m\.?|上午|下午)?\s*(?P<offset>z|utc|gmt|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?)?$",
    re.ASCII | re.IGNORECASE,
)


class BadDate(ValueError):
    """The text is no date; the message says why."""


@dataclass
class DateEvidence:
    """Which order of day and month the cells of a column prove; `unproven` is a cell that could be two dates."""

    proven: frozenset[str] = frozenset()
    unproven: str = ""
    sample: str = ""
    cells: int = 0
    serials: int = 0

    def add_cell(self, cell: str) -> None:
        """Take one more cell into account."""
        self.cells += 1
        self.sample = self.sample or cell
        if cell[:4].isdigit() and cell[4:5] == "-":
            return
        text = _plain_writing(cell)
        if SERIAL_NUMBER.fullmatch(text):
            self.serials += 1
            return
        order = _proven_order(text)
        if order:
            self.proven |= {order}
        elif order == "" and not self.unproven:
            self.unproven = cell

    @property
    def order(self) -> str:
        """What is proven: an order, `mixed` for two of them, `serial`, or ''."""
        if self.serials and self.serials == self.cells:
            return SERIAL
        return MIXED if len(self.proven) > 1 else next(iter(self.proven), "")


def parse_date(cell: str, order: str = "") -> date:
    """A calendar day: ISO, 2026/1/31, 2026年1月31日, 20260131, 1 December 2025, or numbers in the order of the column.

    Without an order, dates with dots are day first and others month first. Refused: BadDate, also for a cell that could be
    two dates in a column that proves both orders.
    """
    text = _plain_writing(cell)
    if not text:
        raise _no_date(cell)
    try:
        return _parse_day(text, order)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, BadDate) else _no_date(cell) from error


def parse_instant(cell: str, order: str, zone: ZoneInfo) -> datetime:
    """An instant in UTC; without an offset it is local time of the zone, without a time it is the day's first one."""
    text = _plain_writing(cell)
    try:
        value = _iso_instant(text) or _written_instant(text, order)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, BadDate) else _no_date(cell) from error
    if not FIRST_YEAR <= value.year < LAST_YEAR:
        raise BadDate(_("%(value)s is out of range") % {"value": _quoted(cell)})
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def parse_birthday(cell: str, order: str, today: date) -> dict[str, Any]:
    """Month and day, the year where given: 1991-06-06, 6/6, 6月6日; nobody is born before 1900 or after today.

    1900 stands for *no year* in the exports of other systems. A short year is the last one of its kind: 6/6/91 is 1991.
    """
    text = _plain_writing(cell)
    if short := MONTH_DAY.fullmatch(text):
        month, day = _month_and_day(int(short[1]), int(short[3]), short[2], order, cell)
        if not _is_day_of_year(month, day):
            raise _no_date(cell)
        return {"birth_month": month, "birth_day": day, "birth_year": None}
    try:
        birthday = parse_date(text, order)
    except BadDate:
        birthday = parse_date(_without_clock(text), order)
    if birthday > today and _has_short_year(text):
        birthday = birthday.replace(year=birthday.year - 100)
    if birthday.year < FIRST_YEAR or birthday > today:
        raise BadDate(_("%(value)s is out of range") % {"value": _quoted(cell)})
    year = birthday.year if birthday.year > FIRST_YEAR else None
    return {"birth_month": birthday.month, "birth_day": birthday.day, "birth_year": year}


@cache
def usual_date_order(region: str) -> str:
    """How the people of a country write a date with slashes: day first or month first."""
    try:
        pattern = str(get_date_format("short", Locale.parse(f"und_{region}")))
    except (UnknownLocaleError, ValueError):
        return MONTH_FIRST
    return DAY_FIRST if pattern.lower().find("d") < pattern.lower().find("m") else MONTH_FIRST


def _plain_writing(cell: str) -> str:
    text = plain_text.trim_text(cell)
    return text if text.isascii() else plain_text.trim_text(unicodedata.normalize("NFKC", text))


def _parse_day(text: str, order: str) -> date:
    if match := NUMERIC.fullmatch(text):
        return _numeric_day(match, order)
    if COMPACT.fullmatch(text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if order == SERIAL and SERIAL_NUMBER.fullmatch(text):
        return SERIAL_START + timedelta(days=int(float(text)))
    if match := DAY_MONTH_YEAR.fullmatch(text):
        return date(_full_year(match[3]), _month_number(match[2]), int(match[1]))
    if match := MONTH_DAY_YEAR.fullmatch(text):
        return date(_full_year(match[3]), _month_number(match[1]), int(match[2]))
    raise _no_date(text)


def _numeric_day(match: re.Match[str], order: str) -> date:
    first, mark, second, third = match[1], match[2], match[3], match[4]
    if len(first) > 2 or (len(third) < 3 and (int(first) > 31 or order == YEAR_FIRST)):
        return date(_full_year(first), int(second), int(third))
    month, day = _month_and_day(int(first), int(second), mark, order, match[0])
    return date(_full_year(third), month, day)


def _month_and_day(first: int, second: int, mark: str, order: str, cell: str) -> tuple[int, int]:
    if order in ("", MIXED, SERIAL, YEAR_FIRST):
        if order == MIXED and first <= 12 and second <= 12 and first != second and mark != "月":
            raise BadDate(
                _("%(value)s could be two dates: choose the order of day and month") % {"value": _quoted(cell)}
            )
        is_day_first = first > 12 if order == MIXED else mark == "."
    else:
        is_day_first = order == DAY_FIRST
    return (second, first) if is_day_first and mark != "月" else (first, second)


def _proven_order(text: str) -> str | None:
    """The order that this cell proves, '' where it could be either, None where it says nothing of it."""
    text = _without_clock(text)
    match, short = NUMERIC.fullmatch(text), MONTH_DAY.fullmatch(text)
    if match and len(match[1]) < 3 and not (int(match[1]) > 31 and len(match[4]) < 3):
        first, second = int(match[1]), int(match[3])
    elif short and short[2] != "月" and not text.startswith("--"):
        first, second = int(short[1]), int(short[3])
    else:
        return YEAR_FIRST if match and len(match[1]) < 3 else None
    if first > 12:
        return DAY_FIRST if first <= 31 and second <= 12 else None
    if second > 12:
        return MONTH_FIRST if second <= 31 else None
    return None if first == second else ""


def _iso_instant(text: str) -> datetime | None:
    joined = re.sub(r"\s*(?:UTC|GMT)$", "+00:00", re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", text))
    try:
        return datetime.fromisoformat(joined) if joined[4:5] == "-" and joined[5:6].isdigit() else None
    except ValueError:
        return None


def _written_instant(text: str, order: str) -> datetime:
    if order == SERIAL and SERIAL_NUMBER.fullmatch(text):
        # A spreadsheet counts days; what its fraction lacks to the full second is the noise of a float.
        return datetime.combine(SERIAL_START, time()) + timedelta(seconds=round(float(text) * 86_400))
    clock = CLOCK.search(text)
    if clock is None:
        return datetime.combine(_parse_day(text, order), time())
    day = _parse_day(text[: clock.start()].rstrip(" ,Tt"), order)
    return datetime.combine(day, _clock_time(clock), _offset(clock["offset"] or ""))


def _clock_time(clock: re.Match[str]) -> time:
    hour, half = int(clock["hour"]), (clock["before"] or clock["after"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    return time(hour, int(clock["minute"]), int(clock["second"] or 0))


def _offset(text: str) -> timezone | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    shift = timedelta(hours=int(digits[:2] or 0), minutes=int(digits[2:] or 0))
    return timezone(-shift if "-" in text else shift)


def _without_clock(text: str) -> str:
    clock = CLOCK.search(text)
    return text[: clock.start()].rstrip(" ,Tt") if clock else text


def _has_short_year(text: str) -> bool:
    """Whether the year has two digits."""
    bare = _without_clock(text)
    return re.search(r"\d{3}", bare) is None


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _is_day_of_year(month: int, day: int) -> bool:
    try:
        return bool(date(2024, month, day))
    except ValueError:
        return False


def _month_number(name: str) -> int:
    number = _months().get(_folded(name))
    if number is None:
        raise ValueError(name)
    return number


@cache
def _months() -> dict[str, int]:
    return {
        _folded(name).rstrip("."): number
        for language in reversed(LANGUAGES)
        for width in ("abbreviated", "wide")
        for number, name in get_month_names(width, locale=language).items()
    } | {"sept": 9}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _no_date(cell: str) -> BadDate:
    return BadDate(_("%(value)s is no date") % {"value": _quoted(cell)})


def _quoted(cell: str) -> str:
    text = _plain_writing(cell)
    return (text if len(text) <= 60 else f"{text[:59]}…") or "''"
