"""Where an import stands: what may be mapped, what a worker is at, and which check broke off."""

import pytest

from crm.kernel.background.jobs.models import Job
from customers.importing.models import Import


@pytest.mark.parametrize(
    ("state", "job_state", "is_mappable", "is_working", "is_broken"),
    [
        ("uploaded", None, True, False, False),
        ("checking", Job.State.RUNNING, False, True, False),
        ("checking", Job.State.FAILED, True, False, True),
        ("checked", Job.State.DONE, True, False, False),
        ("running", Job.State.RUNNING, False, True, False),
        ("done", Job.State.DONE, False, False, False),
    ],
)
def test_state_and_job_say_what_may_be_done(state, job_state, is_mappable, is_working, is_broken):
    batch = Import(state=state, job=Job(state=job_state) if job_state else None)

    assert (batch.is_mappable, batch.is_working, batch.broken_check is not None) == (is_mappable, is_working, is_broken)
