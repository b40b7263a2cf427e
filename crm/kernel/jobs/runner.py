"""Running jobs: claimed with a lease and a fence, so that a killed worker's job goes on and never runs twice at once."""

from datetime import datetime
from typing import Any

import structlog
from django.db import connection

from crm.kernel import clock, jobs, sweeps
from crm.kernel.jobs.models import Job
from crm.kernel.people import notices

log = structlog.get_logger(__name__)
ATTEMPTS = 3
CLAIM = """
UPDATE kernel_job SET state = 'running', fence = fence + 1, attempts = attempts + 1,
       lease_until = clock_timestamp() + interval '60 seconds', started_at = coalesce(started_at, crm_now())
WHERE id = (SELECT id FROM kernel_job
            WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
            ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
"""


@sweeps.every_5_seconds("jobs", alone=False)
def run_waiting(now: datetime) -> int:
    """Run jobs until none waits; returns how many ran."""
    ran = 0
    while (job := _claim()) is not None:
        run(job)
        ran += 1
    return ran


def _claim() -> Job | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM)
        row = cursor.fetchone()
    return Job.objects.get(pk=row[0]) if row else None


def run(job: Job) -> None:
    """Run one claimed job to its end; a job that fails thrice by killing its worker is given up with that reason."""
    if job.attempts > ATTEMPTS:
        _finish(job, Job.State.FAILED, error="given up after three interrupted attempts")
        return
    try:
        result = jobs.handlers[job.kind](jobs.Run(job))
    except jobs.LostLease:
        log.warning("job_taken_over", job=job.pk)
    except jobs.Cancelled:
        _finish(job, Job.State.CANCELLED)
    except Exception as error:
        log.exception("job_failed", job=job.pk, kind=job.kind)
        _finish(job, Job.State.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
    else:
        _finish(job, Job.State.DONE, result=result or {})


def _finish(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    mine = Job.objects.filter(pk=job.pk, fence=job.fence)
    if mine.update(state=state, result=result, error=error, finished_at=clock.now(), lease_until=None) and job.user_id:
        notices.send([job.user_id], "job_finished", url=f"/jobs/{job.public_id}/", title=job.title, state=state)
