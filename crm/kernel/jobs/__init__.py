"""Jobs: `start` makes a row, a worker claims it with a lease, runs its handler and keeps its result."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import connection
from django.utils.translation import gettext as _

from crm.kernel import clock, doorbell
from crm.kernel.jobs.models import Job

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 2


class Cancelled(Exception):
    """The person asked to stop."""


class LostLease(Exception):
    """Another worker took the job over; this one must stop writing."""


class Run:
    """A job in the hands of its handler."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.state: dict[str, Any] = job.memory

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is and renew the lease; raises Cancelled or LostLease. Call it between chunks."""
        self.job.done = done
        self.job.total = total if total is not None else self.job.total
        with connection.cursor() as cursor:
            values: list[Any] = [done, self.job.total, _json(self.state), LEASE, self.job.pk, self.job.fence]
            cursor.execute(
                "UPDATE kernel_job SET done = %s, total = %s, memory = %s::jsonb, lease_until = clock_timestamp() + %s"
                " WHERE id = %s AND fence = %s AND state = 'running' RETURNING cancel_requested",
                values,
            )
            row = cursor.fetchone()
        if row is None:
            raise LostLease
        if row[0]:
            raise Cancelled

    @contextmanager
    def kept_alive(self, so_far: Callable[[], tuple[int, int]]) -> Iterator[None]:
        """Renew the lease from beside, over a connection of its own, for work inside one long transaction.

        `so_far` gives (done, total) for whoever waits.
        """
        over = Event()
        beside = Thread(target=self._renew, args=(over, so_far), daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join(5)

    def _renew(self, over: Event, so_far: Callable[[], tuple[int, int]]) -> None:
        sql = (
            "UPDATE kernel_job SET done = %s, total = %s, lease_until = clock_timestamp() + %s"
            " WHERE id = %s AND fence = %s AND state = 'running'"
        )
        try:
            while not over.wait(RENEW_SECONDS):
                done, total = so_far()
                values: list[Any] = [done, total or None, LEASE, self.job.pk, self.job.fence]
                with connection.cursor() as cursor:
                    cursor.execute(sql, values)
        finally:
            connection.close()

    def save_state(self) -> None:
        """Keep `state` for a restart, in the transaction of the chunk that it describes."""
        self.progress(self.job.done)

    def attach(self, name: str, content: "bytes | File[bytes]") -> None:
        """Give the job a file to download."""
        self.job.file.save(name, content if isinstance(content, File) else ContentFile(content), save=False)
        self.job.file_name = name
        self.job.save(update_fields=["file", "file_name"])


Handler = Callable[[Run], dict[str, Any] | None]
handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what runs jobs of a kind."""

    def keep(function: Handler) -> Handler:
        handlers[kind] = function
        return function

    return keep


def start(kind: str, *, user: Any, title: str, **params: Any) -> Job:
    """Ask for long work; it runs as soon as a worker is free."""
    if kind not in handlers:
        raise LookupError(f"no job is called {kind!r}")
    job = Job.objects.create(kind=kind, user=user, title=title, params=params, created_at=clock.now())
    doorbell.ring("jobs")
    return job


def cancel(job: Job) -> None:
    """Ask a job to stop: a waiting one is over at once, a running one at its next step."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.CANCELLED, finished_at=clock.now(), error=_("Cancelled before it began.")):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def _json(value: Any) -> str:
    return json.dumps(value)
