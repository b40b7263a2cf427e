"""Jobs: `start` makes a row, a worker claims it with a lease, runs its handler and keeps its result."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.background import wakeup
from crm.kernel.background.jobs.job_run import JobCancelled, JobFailed, JobLeaseLost, JobOutOfTime, JobRun
from crm.kernel.background.jobs.models import Job, job_titles
from crm.kernel.time import clock

__all__ = [
    "JobCancelled",
    "JobFailed",
    "JobLeaseLost",
    "JobOutOfTime",
    "JobRun",
    "cancel_job",
    "register_job_ending",
    "register_job_handler",
    "run_job_ending",
    "start_job",
]

JobHandler = Callable[[JobRun], dict[str, Any] | None]
JobEnding = Callable[[Job], None]
job_handlers: dict[str, JobHandler] = {}
resumable_kinds: set[str] = set()
job_endings: dict[str, JobEnding] = {}


def register_job_handler(
    kind: str, *, goes_on: bool = False, title: Callable[[dict[str, Any]], str] | None = None
) -> Callable[[JobHandler], JobHandler]:
    """Register what runs jobs of a kind, and its title out of the parameters, without a query.

    `goes_on` where an interrupted job continues where it stood.
    """

    def keep(function: JobHandler) -> JobHandler:
        job_handlers[kind] = function
        if title:
            job_titles[kind] = title
        if goes_on:
            resumable_kinds.add(kind)
        return function

    return keep


def register_job_ending(kind: str) -> Callable[[JobEnding], JobEnding]:
    """Register what follows from the end of a job, whatever it was: done, failed, cancelled, given up."""

    def keep(function: JobEnding) -> JobEnding:
        job_endings[kind] = function
        return function

    return keep


def start_job(kind: str, *, user: Any, title: str = "", **params: Any) -> Job:
    """Ask for long work; it runs as soon as a worker is free. A `title` is for kinds that registered none."""
    if kind not in job_handlers:
        raise LookupError(f"no job is called {kind!r}")
    written = title or job_titles[kind](params)
    job = Job.objects.create(kind=kind, user=user, title=written[:200], params=params, created_at=clock.now())
    wakeup.wake_worker("jobs")
    return job


@transaction.atomic
def cancel_job(job: Job) -> None:
    """Ask a job to stop: a waiting one is over at once, a running one at its next step."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, finished_at=clock.now(), error=_("Cancelled before it went on.")):
        run_job_ending(job)
    else:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def run_job_ending(job: Job) -> None:
    """What follows from the end of this job, in the transaction that ends it."""
    job.refresh_from_db()
    if ending := job_endings.get(job.kind):
        ending(job)
