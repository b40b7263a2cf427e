"""Asking for long work and stopping it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.background import wakeup
from crm.kernel.background.jobs.models import Job, job_titles
from crm.kernel.background.jobs.registry import job_endings, job_handlers
from crm.kernel.time import clock


def start_job(kind: str, *, user: User | None, title: str = "", **params: Any) -> Job:
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
