"""The local days of every time zone of the world at once: 600 zones in some milliseconds."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.kernel.time import zones as world
from retention.care import rules
from retention.care.rules import LocalDays

OFFSET_MARGIN = timedelta(days=2)
# A day in every zone of the world lies within so much of the same day in UTC, with a margin.
ZONE_SLACK = timedelta(days=3)


@dataclass(frozen=True)
class ZoneDays:
    """Every zone by its name, '' for customers without one: they live in the company's. `groups` says which of the
    few different `days` holds in each."""

    zones: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[int, ...]
    days: tuple[LocalDays, ...]


@lru_cache(maxsize=1)
def known_zones() -> dict[str, ZoneInfo]:
    """Every zone that computers know, by name. They are held: the library reads one that nobody holds from disk again."""
    return {name: ZoneInfo(name) for name in sorted(world.known_zones())}


@lru_cache(maxsize=8)
def local_days_by_zone(home: str, since: datetime, now: datetime, opens: time, closes: time) -> ZoneDays:
    """The days of all zones between two plannings. Zones whose clocks stand alike, and do not change around the two
    instants, share one computation."""
    zones = ("", *known_zones())
    held = {home: ZoneInfo(home), **known_zones()}
    names = (home, *known_zones())
    edges = [instant for at in (since, now) for instant in (at - OFFSET_MARGIN, at + OFFSET_MARGIN)]
    alike: dict[tuple[timedelta | None, ...], LocalDays] = {}
    group_by_days: dict[LocalDays, int] = {}
    groups = []
    for name in names:
        zone = held[name]
        offsets = tuple(instant.astimezone(zone).utcoffset() for instant in edges)
        days = alike.get(offsets)
        if days is None:
            days = rules.local_days(zone, planned_until=since, now=now, opens=opens, closes=closes)
            if offsets[0] == offsets[1] and offsets[2] == offsets[3]:
                alike[offsets] = days
        groups.append(group_by_days.setdefault(days, len(group_by_days)))
    return ZoneDays(zones, names, tuple(groups), tuple(group_by_days))
