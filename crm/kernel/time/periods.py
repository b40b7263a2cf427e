"""Periods of reports: half-open runs of local days, [start, end)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2100


class BadPeriod(ValueError):
    """The period is no date, or ends before it begins; the message names the field."""


@dataclass(frozen=True)
class Period:
    """The local days from `start` to the day before `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadPeriod(_("end: must come after start"))

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def instants(self, zone: str | ZoneInfo) -> tuple[datetime, datetime]:
        """First instant and the first one after, in UTC."""
        return local_midnight(self.start, zone), local_midnight(self.end, zone)

    def previous_period(self) -> "Period":
        """The run of as many days just before."""
        return Period(self.start - timedelta(days=self.days), self.start)


def local_midnight(day: date, zone: str | ZoneInfo) -> datetime:
    """The first instant of a local day (UTC); where midnight falls in a DST gap, the first instant after it."""
    zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """`months` later, clamped to the month's last day: 31 Jan + 1 = 28 or 29 Feb."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def first_of_month(day: date) -> date:
    """The month's first day."""
    return day.replace(day=1)


def parse_day(text: str, field: str) -> date:
    """An ISO day from 1900 to 2099 (what lies around it must have a date too), or BadPeriod naming the field."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod(
            _("%(field)s: “%(text)s” is no date, write it as 2026-01-31") % {"field": field, "text": text[:40]}
        ) from error
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise BadPeriod(
            _("%(field)s: must lie between %(first)s and %(last)s")
            % {"field": field, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day
