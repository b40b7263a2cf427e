"""The one clock. Business time is the database's clock plus an offset that is fixed when the process starts.

`CRM_NOW` sets the offset in development; the clock ticks on from there. The same offset is the session
setting `crm.clock_offset`, which the SQL function `crm_now()` reads.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

CALIBRATE_SECONDS = 60

_calibration: tuple[float, datetime] | None = None
_offset: timedelta | None = None


def now() -> datetime:
    """The product's present instant (UTC, aware): the database's clock plus the offset; one query a minute at most."""
    return database_now() + clock_offset()


def today(zone: str | ZoneInfo) -> date:
    """The local date of `now()` in a zone."""
    return now().astimezone(zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)).date()


def database_now() -> datetime:
    """The database's own clock, carried forward by the monotonic clock so that a wrong wall clock here changes nothing."""
    global _calibration
    ticks = time.monotonic()
    if _calibration is None or ticks - _calibration[0] > CALIBRATE_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            _calibration = (time.monotonic(), cursor.fetchone()[0])
        ticks = _calibration[0]
    return _calibration[1] + timedelta(seconds=ticks - _calibration[0])


def clock_offset() -> timedelta:
    """How far the product's clock stands from the database's; zero in production, where CRM_NOW is refused."""
    global _offset
    if _offset is None:
        _offset = _offset_from_settings()
    return _offset


def _offset_from_settings() -> timedelta:
    if not settings.CRM_NOW:
        return timedelta()
    if not settings.DEVELOPMENT:
        raise ImproperlyConfigured("CRM_NOW moves the clock and is refused in production.")
    try:
        start = datetime.fromisoformat(settings.CRM_NOW)
    except ValueError as error:
        raise ImproperlyConfigured(f"CRM_NOW is no ISO instant: {settings.CRM_NOW!r}") from error
    if start.tzinfo is None:
        raise ImproperlyConfigured("CRM_NOW needs a UTC offset, as in 2026-02-28T10:00:00+08:00.")
    since = settings.CRM_NOW_SINCE
    return start.astimezone(UTC) - (datetime.fromisoformat(since) if since else datetime.now(UTC))


@contextmanager
def move_clock(instant: datetime) -> Iterator[None]:
    """For tests and rehearsals: the clock stands at `instant` and ticks on, here and in this connection's `crm_now()`."""
    global _offset
    before = clock_offset()
    _set_offset(instant - database_now())
    try:
        yield
    finally:
        _set_offset(before)


def _set_offset(value: timedelta) -> None:
    global _offset
    _offset = value
    if connection.connection is not None and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('crm.clock_offset', %s, false)", [f"{value.total_seconds()} seconds"])
