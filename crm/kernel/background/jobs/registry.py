"""What runs jobs of a kind, and what follows from their end."""

from collections.abc import Callable
from typing import Any

from crm.kernel.background.jobs.job_run import JobRun
from crm.kernel.background.jobs.models import Job, job_titles

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
