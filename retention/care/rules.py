"""Arithmetic of care: local days, the holdout, the smallest effect that can be seen. Pure."""

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
Z_CONFIDENCE = 1.959964  # two-sided 95 %
Z_POWER = 0.841621  # 80 %


def holdout_position(customer_id: int, program_id: int) -> float:
    """Where a customer stands in a programme, evenly spread over [0, 1), the same for ever."""
    digest = hashlib.sha256(f"holdout:{program_id}:{customer_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def is_held_out(customer_id: int, program_id: int, share: float) -> bool:
    """True if the customer belongs to the share that gets nothing."""
    return holdout_position(customer_id, program_id) < share


def local_instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time: in a spring gap the next valid minute, of a repeated hour the first."""
    wall = datetime.combine(day, hour, tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(instant - timedelta(hours=26), instant + timedelta(hours=26), zone)


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)


@dataclass(frozen=True)
class LocalDays:
    """What the clock says in a zone: `opened` is the latest day whose sending hour has come, `unclosed` the first day
    not closed when it was last planned, `unended` the first day not closed now."""

    opened: date
    unclosed: date
    unended: date


def local_days(zone: ZoneInfo, *, planned_until: datetime, now: datetime, opens: time, closes: time) -> LocalDays:
    """The days between the last planning and now, as people in the zone count them."""
    today = now.astimezone(zone).date()
    opened = today if local_instant(today, opens, zone) <= now else today - ONE_DAY
    return LocalDays(opened, _first_open_day(zone, planned_until, closes), _first_open_day(zone, now, closes))


def _first_open_day(zone: ZoneInfo, instant: datetime, closes: time) -> date:
    day = instant.astimezone(zone).date()
    return day if local_instant(day, closes, zone) > instant else day + ONE_DAY


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included; empty if the last comes before."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def smallest_detectable_effect(base_rate: float, treated: int, held_out: int) -> float | None:
    """The smallest difference of two rates that a comparison of this size finds four times in five (two-sided 5 %):
    (z₀.₉₇₅ + z₀.₈₀) · √(p(1−p)(1/n₁ + 1/n₂)). None where an arm is empty."""
    if treated <= 0 or held_out <= 0:
        return None
    spread = base_rate * (1 - base_rate) * (1 / treated + 1 / held_out)
    return (Z_CONFIDENCE + Z_POWER) * math.sqrt(spread)


def split_by_holdout(enrollments: int, share: float) -> tuple[int, int]:
    """How many of so many would be treated and held out at a share."""
    held_out = round(enrollments * share)
    return enrollments - held_out, held_out
