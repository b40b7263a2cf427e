"""Stopping a job: one that waits is over at once, one that runs at its next step, one that is over stays as it is."""

import pytest

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock


@pytest.mark.rule("PL-22")
def test_waiting_job_that_is_cancelled_never_runs(counting, make_job):
    row = make_job("counting")

    jobs.cancel_job(row)

    assert job_runner.run_waiting_jobs(clock.now()) == 0
    row.refresh_from_db()
    assert counting == []
    assert row.state == "cancelled"
    assert row.finished_at is not None


@pytest.mark.rule("PL-22")
def test_running_job_stops_at_its_next_step(handled_by, make_job):
    row = make_job()
    steps = []

    @handled_by
    def work(run):
        run.save_progress(1)
        jobs.cancel_job(Job.objects.get(pk=row.pk))
        steps.append("asked to stop")
        run.save_progress(2)
        steps.append("went on")

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert steps == ["asked to stop"]
    assert (row.state, row.result) == ("cancelled", None)


@pytest.mark.rule("PL-22")
@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_job_that_is_over_cannot_be_cancelled(make_job, state):
    row = make_job(state=state, result={"rows": 3})

    jobs.cancel_job(row)

    row.refresh_from_db()
    assert (row.state, row.result, row.cancel_requested) == (state, {"rows": 3}, False)
