"""A job in the hands of its handler: progress, lease, the wish to stop, the file that comes of it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import structlog
from django.core.files.base import ContentFile, File
from django.db import Error, connection

from crm.kernel.background.jobs.models import Job
from crm.kernel.background.jobs.queries import RENEW_LEASE_SQL, SAVE_PROGRESS_SQL

log = structlog.get_logger(__name__)
LEASE_TIME = timedelta(seconds=60)
RENEW_SECONDS = 2


class JobCancelled(Exception):
    """The person asked to stop."""


class JobLeaseLost(Exception):
    """Another worker took the job over; this one must stop writing."""


class JobOutOfTime(Exception):
    """The task has had its time; the next one goes on with the job."""


class JobFailed(Exception):
    """The work cannot be done; the message says why, in words for the person who asked for it."""


class JobRun:
    """One attempt at a job. `goes_on`: the kind continues where an interrupted attempt stood."""

    def __init__(self, job: Job, *, goes_on: bool = False, seconds: float | None = None) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.state: dict[str, Any] = job.memory
        self._goes_on = goes_on
        self._until = time.monotonic() + seconds if seconds else None
        self._told: tuple[int | None, int | None] = None, None
        self._stop = False

    def save_progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is and renew the lease; raises Cancelled, LostLease or OutOfTime. Call it between chunks."""
        self.job.done = done
        self.job.total = total if total is not None else self.job.total
        memory = json.dumps(self.state)
        values: list[Any] = [self._goes_on, done, done, self.job.total, memory, LEASE_TIME, self.job.pk, self.job.fence]
        with connection.cursor() as cursor:
            cursor.execute(SAVE_PROGRESS_SQL, values)
            row = cursor.fetchone()
        if row is None:
            raise JobLeaseLost
        if row[0]:
            raise JobCancelled
        # The task's own alarm rings once, and whatever catches every error may have caught it.
        if self._until is not None and time.monotonic() > self._until:
            raise JobOutOfTime

    def report_progress(self, done: int, total: int) -> None:
        """How far it is, from inside one long transaction: told by the renewal beside. Raises Cancelled."""
        self._told = done, total
        self.raise_if_cancelled()

    def raise_if_cancelled(self) -> None:
        """Raises Cancelled once the renewal has read the wish; costs nothing, so it may stand inside a chunk."""
        if self._stop:
            raise JobCancelled

    @contextmanager
    def keep_lease(self) -> Iterator[None]:
        """Renew the lease from beside, over a connection of its own, for as long as this process is at it."""
        over = Event()
        beside = Thread(target=self._renew, args=(over,), daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join(5)

    def _renew(self, over: Event) -> None:
        try:
            while not over.wait(RENEW_SECONDS):
                self._renew_once()
        finally:
            connection.close()

    def _renew_once(self) -> None:
        """A renewal that fails is tried again: the lease outlasts many of them."""
        try:
            with connection.cursor() as cursor:
                values: list[Any] = [*self._told, LEASE_TIME, self.job.pk, self.job.fence]
                cursor.execute(RENEW_LEASE_SQL, values)
                row = cursor.fetchone()
        except Error as error:
            log.warning("job_not_renewed", job=self.job.pk, error=type(error).__name__)
            connection.close()
        else:
            self._stop = bool(row and row[0])

    def attach_file(self, name: str, content: "bytes | File[bytes]") -> None:
        """Give the job a file to download."""
        self.job.file.save(name, content if isinstance(content, File) else ContentFile(content), save=False)
        self.job.file_name = name
        self.job.save(update_fields=["file", "file_name"])
