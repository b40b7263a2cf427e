"""What the rhythm wakes: registered functions, each alone at a time across all processes, by an advisory lock.

Emptying the broker loses nothing: the next sweep reads what is due from PostgreSQL.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import structlog
from django.db import connection

from crm.kernel import company
from crm.kernel.background.events.models import SweepRun
from crm.kernel.time import clock

log = structlog.get_logger(__name__)
NIGHT_BEGINS = time(2, 0)
NOT_RUN = -1
Rhythm = Literal["sweep", "long", "minute", "night"]
Work = Callable[[datetime], int]


@dataclass(frozen=True)
class Sweep:
    """One registered function: its name is also its bell."""

    name: str
    rhythm: Rhythm
    work: Work
    alone: bool


registered: dict[str, Sweep] = {}


def every_5_seconds(name: str, *, alone: bool = True) -> Callable[[Work], Work]:
    """Register due work; `alone=False` for work whose rows are claimed with SKIP LOCKED and may run side by side."""
    return _register(name, "sweep", alone)


def at_length(name: str) -> Callable[[Work], Work]:
    """Register work that may take an hour: woken like due work, but in tasks of its own; it claims what it works on."""
    return _register(name, "long", False)


def every_minute(name: str) -> Callable[[Work], Work]:
    """Register work of the minute tick: planners, time rules."""
    return _register(name, "minute", True)


def nightly(name: str) -> Callable[[Work], Work]:
    """Register set-based work of the night; it runs once per local night of the company and may be run again."""
    return _register(name, "night", True)


def run_nights() -> dict[str, int]:
    """Run the nightly functions that have not run since the company's local night began (02:00)."""
    now = clock.now().astimezone(ZoneInfo(company.get().time_zone))
    begun = datetime.combine(now.date(), NIGHT_BEGINS, now.tzinfo)
    if now < begun:
        return {}
    names = [sweep.name for sweep in registered.values() if sweep.rhythm == "night"]
    done = set(SweepRun.objects.filter(name__in=names, ran_at__gte=begun).values_list("name", flat=True))
    return {name: run_one(name) for name in names if name not in done}


def _register(name: str, rhythm: Rhythm, alone: bool) -> Callable[[Work], Work]:
    def keep(work: Work) -> Work:
        registered[name] = Sweep(name, rhythm, work, alone)
        return work

    return keep


def run(rhythm: Rhythm) -> dict[str, int]:
    """Run everything of a rhythm; one failing function never stops the others. Counts of things done, by name."""
    return {sweep.name: run_one(sweep.name) for sweep in list(registered.values()) if sweep.rhythm == rhythm}


def run_one(name: str) -> int:
    """Run one function now; NOT_RUN when another process is at it or it failed (logged)."""
    sweep = registered[name]
    if sweep.alone and not _lock(name):
        return NOT_RUN
    try:
        now = clock.now()
        done = sweep.work(now)
        if sweep.rhythm not in ("sweep", "long") or done:
            SweepRun.objects.update_or_create(name=name, defaults={"ran_at": now, "done": done})
        return done
    except Exception:
        log.exception("sweep_failed", sweep=name)
        return NOT_RUN
    finally:
        if sweep.alone:
            _unlock(name)


def _key(name: str) -> int:
    return zlib.crc32(f"sweep:{name}".encode())


def _lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(1, %s)", [_key(name) - 2**31])
        return bool(cursor.fetchone()[0])


def _unlock(name: str) -> None:
    """A lock whose connection died is free already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(1, %s)", [_key(name) - 2**31])
    except Exception:
        connection.close()
