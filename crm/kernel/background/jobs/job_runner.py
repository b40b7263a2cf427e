"""Running jobs: claimed with a lease and a fence, so that a killed worker's job goes on and never runs twice at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from celery import current_task
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.background import jobs, scheduler
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from crm.kernel.ui import notifications

log = structlog.get_logger(__name__)
ATTEMPTS = 3
INTERRUPTIONS = (jobs.OutOfTime, SoftTimeLimitExceeded, OperationalError, InterfaceError)
# A task begins jobs for so long only: each has nearly the task's whole time for itself.
BEGIN_SECONDS = 60
CLAIM = """
UPDATE kernel_job SET state = 'running', fence = fence + 1, attempts = attempts + 1,
       lease_until = clock_timestamp() + interval '60 seconds', started_at = coalesce(started_at, crm_now())
WHERE id = (SELECT id FROM kernel_job
            WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
            ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
"""


@scheduler.at_length("jobs")
def run_waiting(now: datetime) -> int:
    """Run jobs until none waits or a minute is over; returns how many ran. Only so many tasks do this at once.

    An interruption ends the round: a job whose task has had its time, or lost its connection, goes on in the next task.
    """
    ran, began = 0, time.monotonic()
    with _place() as has_place:
        while has_place and time.monotonic() - began < BEGIN_SECONDS and (job := _claim()) is not None:
            ran += 1
            if not run(job):
                break
    return ran


@contextmanager
def _place() -> Iterator[bool]:
    """One of the places for jobs, by a lock of this session: the other processes of the worker stay free for sweeps."""
    with connection.cursor() as cursor:
        place = next((place for place in range(settings.JOBS_AT_ONCE) if _locked(cursor, place)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            _leave(place)


def _locked(cursor: Any, place: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(3, %s)", [place])
    return bool(cursor.fetchone()[0])


def _leave(place: int) -> None:
    """A place whose connection died is free already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(3, %s)", [place])
    except Error:
        connection.close()


def _claim() -> Job | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM)
        row = cursor.fetchone()
    return Job.objects.select_related("user").get(pk=row[0]) if row else None


def run(job: Job) -> bool:
    """Run one claimed job, in the language of who asked for it; after three interrupted attempts it is given up.

    False when it was interrupted and handed back.
    """
    with translation.override(job.user.language if job.user else None):
        if job.attempts > ATTEMPTS:
            _finish(job, Job.State.FAILED, error=_("Given up after three interrupted attempts."))
            return True
        return _attempt(job)


def _attempt(job: Job) -> bool:
    attempt = jobs.Run(job, goes_on=job.kind in jobs.going_on, seconds=getattr(current_task, "soft_time_limit", None))
    try:
        with attempt.kept_alive():
            result = jobs.handlers[job.kind](attempt)
    except jobs.LostLease:
        log.warning("job_taken_over", job=job.pk)
    except jobs.Cancelled:
        _finish(job, Job.State.CANCELLED)
    except INTERRUPTIONS as interruption:
        log.warning("job_interrupted", job=job.pk, kind=job.kind, error=type(interruption).__name__)
        _hand_back(job)
        return False
    except jobs.Failed as refusal:
        _finish(job, Job.State.FAILED, error=str(refusal)[:2000])
    except Exception:
        log.exception("job_failed", job=job.pk, public_id=job.public_id, kind=job.kind)
        ours = _("Something went wrong on our side. Whoever looks after this server finds it in the log as %(id)s.")
        _finish(job, Job.State.FAILED, error=ours % {"id": job.public_id})
    else:
        _finish(job, Job.State.DONE, result=result or {})
    return True


def _hand_back(job: Job) -> None:
    """Let the next sweep go on with it; where not even that can be written, its lease runs out."""
    if not connection.is_usable():
        connection.close()
    Job.objects.filter(pk=job.pk, fence=job.fence).update(state=Job.State.QUEUED, lease_until=None)


@transaction.atomic
def _finish(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    mine = Job.objects.filter(pk=job.pk, fence=job.fence)
    if not mine.update(state=state, result=result, error=error, finished_at=clock.now(), lease_until=None):
        return
    jobs.tell_of_end(job)
    if job.user_id:
        notifications.send([job.user_id], "job_finished", url=f"/jobs/{job.public_id}/", title=str(job), state=state)
