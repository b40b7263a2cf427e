"""A kind of job for tests, and rows of it in any state."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.kernel.background import jobs
from crm.kernel.background.jobs import registry
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock


@pytest.fixture
def counting() -> Iterator[list[Any]]:
    """Registers the kind `counting`; what its handler was given: (params, memory) of each run."""
    seen: list[Any] = []

    @jobs.register_job_handler("counting")
    def count(run: jobs.JobRun) -> dict[str, Any]:
        seen.append((run.params, dict(run.state)))
        return {"counted": len(seen)}

    yield seen
    del registry.job_handlers["counting"]


@pytest.fixture
def handled_by() -> Iterator[Callable[[registry.JobHandler], None]]:
    """Let a function of the test run the jobs of the kind `own`."""
    yield lambda function: registry.job_handlers.update(own=function)
    registry.job_handlers.pop("own", None)
    registry.resumable_kinds.discard("own")


@pytest.fixture
def make_job(db: None) -> Callable[..., Job]:
    """A job's row: `make_job("counting", state="running", lease_seconds=-1)`."""

    def make(kind: str = "own", *, lease_seconds: int | None = None, **fields: Any) -> Job:
        lease = clock.database_now() + timedelta(seconds=lease_seconds) if lease_seconds is not None else None
        return Job.objects.create(kind=kind, title=kind, created_at=clock.now(), lease_until=lease, **fields)

    return make
