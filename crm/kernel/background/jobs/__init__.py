"""Jobs: `start` makes a row, a worker claims it with a lease, runs its handler and keeps its result."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.background import wakeup
from crm.kernel.background.jobs.job_run import Cancelled, Failed, LostLease, OutOfTime, Run
from crm.kernel.background.jobs.models import Job, titles
from crm.kernel.time import clock

__all__ = [
    "Cancelled",
    "Failed",
    "LostLease",
    "OutOfTime",
    "Run",
    "cancel",
    "handler",
    "start",
    "tell_of_end",
    "when_over",
]

Handler = Callable[[Run], dict[str, Any] | None]
Ending = Callable[[Job], None]
handlers: dict[str, Handler] = {}
going_on: set[str] = set()
endings: dict[str, Ending] = {}


def handler(
    kind: str, *, goes_on: bool = False, title: Callable[[dict[str, Any]], str] | None = None
) -> Callable[[Handler], Handler]:
    """Register what runs jobs of a kind, and its title out of the parameters, without a query.

    `goes_on` where an interrupted job continues where it stood.
    """

    def keep(function: Handler) -> Handler:
        handlers[kind] = function
        if title:
            titles[kind] = title
        if goes_on:
            going_on.add(kind)
        return function

    return keep


def when_over(kind: str) -> Callable[[Ending], Ending]:
    """Register what follows from the end of a job, whatever it was: done, failed, cancelled, given up."""

    def keep(function: Ending) -> Ending:
        endings[kind] = function
        return function

    return keep


def start(kind: str, *, user: Any, title: str = "", **params: Any) -> Job:
    """Ask for long work; it runs as soon as a worker is free. A `title` is for kinds that registered none."""
    if kind not in handlers:
        raise LookupError(f"no job is called {kind!r}")
    written = title or titles[kind](params)
    job = Job.objects.create(kind=kind, user=user, title=written[:200], params=params, created_at=clock.now())
    wakeup.ring("jobs")
    return job


@transaction.atomic
def cancel(job: Job) -> None:
    """Ask a job to stop: a waiting one is over at once, a running one at its next step."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, finished_at=clock.now(), error=_("Cancelled before it went on.")):
        tell_of_end(job)
    else:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def tell_of_end(job: Job) -> None:
    """What follows from the end of this job, in the transaction that ends it."""
    job.refresh_from_db()
    if ending := endings.get(job.kind):
        ending(job)
