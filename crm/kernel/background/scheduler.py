"""What the rhythm wakes: registered functions, each in one process at a time, by an advisory lock.

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
from crm.kernel.background.models import SweepRun
from crm.kernel.time import clock

log = structlog.get_logger(__name__)
NIGHT_BEGINS = time(2, 0)
NOT_RUN = -1
TaskRhythm = Literal["sweep", "long", "minute", "night"]
TaskFunction = Callable[[datetime], int]


@dataclass(frozen=True)
class ScheduledTask:
    """One registered function: by its name it is woken."""

    name: str
    rhythm: TaskRhythm
    function: TaskFunction
    is_exclusive: bool


scheduled_tasks: dict[str, ScheduledTask] = {}


def register_every_5_seconds(name: str, *, is_exclusive: bool = True) -> Callable[[TaskFunction], TaskFunction]:
    """Register due work; `is_exclusive=False` for work whose rows are claimed with SKIP LOCKED and may run side by side."""
    return _register_task(name, "sweep", is_exclusive)


def register_long_running(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Register work that may take an hour: woken like due work, but in tasks of its own; it claims what it works on."""
    return _register_task(name, "long", False)


def register_every_minute(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Register work of the minute tick: planners, time rules."""
    return _register_task(name, "minute", True)


def register_nightly(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Register set-based work of the night; it runs once per local night of the company and may be run again."""
    return _register_task(name, "night", True)


def run_due_nightly() -> dict[str, int]:
    """Run the nightly functions that have not run since the company's local night began (02:00)."""
    now = clock.now().astimezone(ZoneInfo(company.get_company().time_zone))
    begun = datetime.combine(now.date(), NIGHT_BEGINS, now.tzinfo)
    if now < begun:
        return {}
    names = [task.name for task in scheduled_tasks.values() if task.rhythm == "night"]
    done = set(SweepRun.objects.filter(name__in=names, ran_at__gte=begun).values_list("name", flat=True))
    return {name: run_scheduled_task(name) for name in names if name not in done}


def _register_task(name: str, rhythm: TaskRhythm, is_exclusive: bool) -> Callable[[TaskFunction], TaskFunction]:
    def register(function: TaskFunction) -> TaskFunction:
        scheduled_tasks[name] = ScheduledTask(name, rhythm, function, is_exclusive)
        return function

    return register


def run_rhythm(rhythm: TaskRhythm) -> dict[str, int]:
    """Run everything of a rhythm; one failing function never stops the others. Counts of things done, by name."""
    return {
        task.name: run_scheduled_task(task.name) for task in list(scheduled_tasks.values()) if task.rhythm == rhythm
    }


def run_scheduled_task(name: str) -> int:
    """Run one function now; NOT_RUN when another process is at it or it failed (logged)."""
    task = scheduled_tasks[name]
    if task.is_exclusive and not _lock_task(name):
        return NOT_RUN
    try:
        now = clock.now()
        done = task.function(now)
        if task.rhythm not in ("sweep", "long") or done:
            SweepRun.objects.update_or_create(name=name, defaults={"ran_at": now, "done": done})
        return done
    except Exception:
        log.exception("sweep_failed", sweep=name)
        return NOT_RUN
    finally:
        if task.is_exclusive:
            _unlock_task(name)


def _lock_key(name: str) -> int:
    return zlib.crc32(f"sweep:{name}".encode())


def _lock_task(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(1, %s)", [_lock_key(name) - 2**31])
        return bool(cursor.fetchone()[0])


def _unlock_task(name: str) -> None:
    """A lock whose connection died is free already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(1, %s)", [_lock_key(name) - 2**31])
    except Exception:
        connection.close()
