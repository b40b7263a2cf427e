"""Jobs longer than a task may be: handed back and continued to their end; who gets no further is given up."""

import signal
import time
from collections.abc import Iterator

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner, registry
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock

pytestmark = pytest.mark.rule("PL-22", "PL-50")
STEPS = 12


@pytest.fixture
def limit() -> Iterator[None]:
    """The signal by which a task hears that its time is over."""

    def over(*_: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGUSR1, over)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.fixture
def long_work(handled_by, limit) -> list[int]:
    """Registers work of twelve steps whose every fifth is cut short by the time limit; the steps that took effect."""
    done: list[int] = []

    @handled_by
    def work(run: jobs.JobRun) -> None:
        for step in range(run.state.get("step", 0), STEPS):
            if len(done) % 5 == 4 and done[-1:] != [-1]:
                done.append(-1)
                signal.raise_signal(signal.SIGUSR1)
            done.append(step)
            run.state["step"] = step + 1
            run.save_progress(step + 1, STEPS)

    registry.resumable_kinds.add("own")
    return done


def run_to_the_end(row) -> None:
    for _task in range(STEPS + 1):
        job_runner.run_waiting_jobs(clock.now())
    row.refresh_from_db()


def test_job_over_the_time_limit_is_handed_back_and_comes_to_its_end(long_work, make_job):
    row = make_job()

    run_to_the_end(row)

    assert [step for step in long_work if step >= 0] == list(range(STEPS))
    assert long_work.count(-1) >= 2
    assert (row.state, row.done, row.total, row.lease_until) == ("done", STEPS, STEPS, None)


def test_control_without_handing_back_the_time_limit_ends_the_job(long_work, make_job, monkeypatch):
    monkeypatch.setattr(job_runner, "INTERRUPTIONS", ())
    row = make_job()

    run_to_the_end(row)

    assert (row.state, row.done) == ("failed", 4)


def test_control_without_counting_anew_progress_does_not_save_a_job_from_being_given_up(handled_by, make_job):
    row = make_job()

    @handled_by
    def work(run: jobs.JobRun) -> None:
        run.state["step"] = run.state.get("step", 0) + 1
        run.save_progress(run.state["step"], STEPS)
        if run.state["step"] < STEPS:
            raise SoftTimeLimitExceeded

    run_to_the_end(row)
    assert (row.state, row.done) == ("failed", 3)

    row = make_job()
    registry.resumable_kinds.add("own")
    run_to_the_end(row)
    assert (row.state, row.done) == ("done", STEPS)


def test_interrupted_job_and_those_behind_it_wait_for_the_next_task(handled_by, counting, make_job):
    row, behind = make_job(), make_job("counting")

    @handled_by
    def work(run: jobs.JobRun) -> None:
        if run.job.attempts == 1:
            raise SoftTimeLimitExceeded

    assert job_runner.run_waiting_jobs(clock.now()) == 1
    row.refresh_from_db()
    behind.refresh_from_db()
    assert (row.state, behind.state) == ("queued", "queued")

    assert job_runner.run_waiting_jobs(clock.now()) == 2
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)


@pytest.mark.parametrize("interruption", [SoftTimeLimitExceeded, OperationalError])
def test_job_that_gets_no_further_is_given_up_after_three_attempts(handled_by, make_job, interruption):
    row, tries = make_job(), []
    registry.resumable_kinds.add("own")

    @handled_by
    def work(run: jobs.JobRun) -> None:
        tries.append(run.job.attempts)
        raise interruption

    run_to_the_end(row)

    assert tries == [1, 2, 3]
    assert (row.state, row.error) == ("failed", "Given up after three interrupted attempts.")


def test_no_more_jobs_run_at_once_than_there_are_places(counting, make_job, settings):
    settings.JOBS_AT_ONCE = 0
    row = make_job("counting")

    assert job_runner.run_waiting_jobs(clock.now()) == 0

    row.refresh_from_db()
    assert (row.state, counting) == ("queued", [])


@pytest.mark.rule("PL-22")
@pytest.mark.django_db(transaction=True)
def test_job_inside_a_long_transaction_keeps_its_lease(monkeypatch):
    monkeypatch.setattr(jobs.job_run, "RENEW_SECONDS", 0.05)
    row = Job.objects.create(kind="x", title="x", state="running", created_at=clock.now())

    attempt = jobs.JobRun(row)

    with attempt.keep_lease(), transaction.atomic():
        attempt.report_progress(3, 7)
        time.sleep(0.5)
        Job.objects.exists()

    row.refresh_from_db()
    assert (row.done, row.total) == (3, 7)
    assert row.lease_until > clock.database_now()
