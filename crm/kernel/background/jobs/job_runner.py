"""Running jobs: claimed with a lease and a fence, so that a killed worker's job goes on and never runs twice at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from celery import current_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.background import scheduler
from crm.kernel.background.jobs import job_run, registry, services
from crm.kernel.background.jobs.models import Job
from crm.kernel.background.jobs.queries import CLAIM_JOB_SQL, RELEASE_SLOT_SQL, TRY_SLOT_SQL
from crm.kernel.time import clock
from crm.kernel.ui import notifications

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 3
INTERRUPTIONS = (job_run.JobOutOfTime, SoftTimeLimitExceeded, OperationalError, InterfaceError)
# A task begins jobs for so long only: each has nearly the task's whole time for itself.
START_WINDOW_SECONDS = 60


@scheduler.register_long_running("jobs")
def run_waiting_jobs(now: datetime) -> int:
    """Run jobs until none waits or a minute is over; returns how many ran. Only so many tasks do this at once.

    An interruption ends the round: a job whose task has had its time, or lost its connection, goes on in the next task.
    """
    ran, began = 0, time.monotonic()
    with _runner_slot() as has_place:
        while has_place and time.monotonic() - began < START_WINDOW_SECONDS and (job := _claim_job()) is not None:
            ran += 1
            if not run_job(job):
                break
    return ran


@contextmanager
def _runner_slot() -> Iterator[bool]:
    """One of the places for jobs, by a lock of this session: the other processes of the worker stay free for sweeps."""
    with connection.cursor() as cursor:
        place = next((place for place in range(settings.JOBS_AT_ONCE) if _lock_slot(cursor, place)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            _release_slot(place)


def _lock_slot(cursor: Any, place: int) -> bool:
    cursor.execute(TRY_SLOT_SQL, [place])
    return bool(cursor.fetchone()[0])


def _release_slot(place: int) -> None:
    """A place whose connection died is free already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(RELEASE_SLOT_SQL, [place])
    except Error:
        connection.close()


def _claim_job() -> Job | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_JOB_SQL)
        row = cursor.fetchone()
    return Job.objects.select_related("user").get(pk=row[0]) if row else None


def run_job(job: Job) -> bool:
    """Run one claimed job, in the language of who asked for it; after three interrupted attempts it is given up.

    False when it was interrupted and handed back.
    """
    with translation.override(job.user.language if job.user else None):
        if job.attempts > MAX_ATTEMPTS:
            _finish_job(job, Job.State.FAILED, error=_("Given up after three interrupted attempts."))
            return True
        return _attempt_job(job)


def _attempt_job(job: Job) -> bool:
    attempt = job_run.JobRun(
        job, goes_on=job.kind in registry.resumable_kinds, seconds=getattr(current_task, "soft_time_limit", None)
    )
    try:
        with attempt.keep_lease():
            result = registry.job_handlers[job.kind](attempt)
    except job_run.JobLeaseLost:
        log.warning("job_taken_over", job=job.pk)
    except job_run.JobCancelled:
        _finish_job(job, Job.State.CANCELLED)
    except INTERRUPTIONS as interruption:
        log.warning("job_interrupted", job=job.pk, kind=job.kind, error=type(interruption).__name__)
        _return_job(job)
        return False
    except job_run.JobFailed as refusal:
        _finish_job(job, Job.State.FAILED, error=str(refusal)[:2000])
    except Exception:
        log.exception("job_failed", job=job.pk, public_id=job.public_id, kind=job.kind)
        ours = _("Something went wrong on our side. Whoever looks after this server finds it in the log as %(id)s.")
        _finish_job(job, Job.State.FAILED, error=ours % {"id": job.public_id})
    else:
        _finish_job(job, Job.State.DONE, result=result or {})
    return True


def _return_job(job: Job) -> None:
    """Let the next sweep go on with it; where not even that can be written, its lease runs out."""
    if not connection.is_usable():
        connection.close()
    Job.objects.filter(pk=job.pk, fence=job.fence).update(state=Job.State.QUEUED, lease_until=None)


@transaction.atomic
def _finish_job(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    mine = Job.objects.filter(pk=job.pk, fence=job.fence)
    if not mine.update(state=state, result=result, error=error, finished_at=clock.now(), lease_until=None):
        return
    services.run_job_ending(job)
    if job.user_id:
        notifications.notify_users(
            [job.user_id], "job_finished", url=f"/jobs/{job.public_id}/", title=str(job), state=state
        )
