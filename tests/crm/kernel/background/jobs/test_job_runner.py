"""Workers and jobs: claimed by one, resumed after its death, fenced off from a worker that was slow to die."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connections, transaction

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner, queries, registry
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from crm.kernel.ui.models import Notification


@pytest.mark.rule("PL-22")
def test_waiting_job_runs_and_tells_who_asked(counting, make_user):
    user = make_user()
    row = jobs.start_job("counting", user=user, title="Count the sheep", sheep=7)

    assert job_runner.run_waiting_jobs(clock.now()) == 1

    row.refresh_from_db()
    assert counting == [({"sheep": 7}, {})]
    assert (row.state, row.result, row.attempts, row.lease_until) == ("done", {"counted": 1}, 1, None)
    assert row.started_at <= row.finished_at + timedelta(
        seconds=1
    )  # the one is the database's time, the other carried on here
    assert list(Notification.objects.values_list("user", "kind")) == [(user.pk, "job_finished")]


def test_job_of_an_unknown_kind_is_refused(db):
    with pytest.raises(LookupError):
        jobs.start_job("juggling", user=None, title="Juggle")

    assert not Job.objects.exists()


def test_oldest_job_runs_first(counting, make_job):
    for name in ("first", "second", "third"):
        make_job("counting", params={"name": name})

    job_runner.run_waiting_jobs(clock.now())

    assert [params["name"] for params, _memory in counting] == ["first", "second", "third"]


@pytest.mark.rule("PL-50")
@pytest.mark.django_db(transaction=True)
def test_job_that_another_worker_just_claims_is_left_to_it(counting, make_job):
    make_job("counting")
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute(queries.CLAIM_JOB_SQL)
                assert cursor.fetchone() is not None

            assert job_runner.run_waiting_jobs(clock.now()) == 0
        other.commit()
        assert job_runner.run_waiting_jobs(clock.now()) == 0
    finally:
        other.close()

    assert counting == []


def test_job_in_the_hands_of_a_living_worker_is_left_to_it(counting, make_job):
    make_job("counting", state="running", lease_seconds=30)

    assert job_runner.run_waiting_jobs(clock.now()) == 0
    assert counting == []


@pytest.mark.rule("PL-22", "PL-50")
def test_job_of_a_dead_worker_goes_on_where_it_stood(counting, make_job):
    row = make_job("counting", state="running", lease_seconds=-1, attempts=1, fence=1, memory={"row": 40})

    assert job_runner.run_waiting_jobs(clock.now()) == 1

    row.refresh_from_db()
    assert counting == [({}, {"row": 40})]
    assert (row.state, row.attempts, row.fence) == ("done", 2, 2)


@pytest.mark.rule("PL-50")
def test_worker_that_lost_its_job_can_write_nothing_more(handled_by, make_job):
    row = make_job()
    steps = []

    @handled_by
    def slow(run):
        Job.objects.filter(pk=row.pk).update(fence=run.job.fence + 1)  # a second worker took it over
        run.state["row"] = 80
        steps.append("before")
        run.save_progress(80)
        steps.append("after")

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert steps == ["before"]
    assert (row.state, row.done, row.memory, row.finished_at) == ("running", 0, {}, None)


@pytest.mark.rule("PL-50")
def test_end_that_a_lost_worker_reports_is_not_the_jobs_end(handled_by, make_job):
    row = make_job()
    handled_by(lambda run: Job.objects.filter(pk=row.pk).update(fence=run.job.fence + 1) and {"late": True})

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert (row.state, row.result) == ("running", None)


@pytest.mark.rule("PL-22")
def test_progress_is_kept_with_the_place_to_go_on(handled_by, make_job):
    row = make_job()
    seen = []

    @handled_by
    def step(run):
        run.state["row"] = 40
        run.save_progress(40, 100)
        seen.append(Job.objects.get(pk=row.pk))

    job_runner.run_waiting_jobs(clock.now())

    (kept,) = seen
    assert (kept.done, kept.total, kept.percent, kept.memory) == (40, 100, 40, {"row": 40})
    assert kept.lease_until > clock.database_now()


def test_failing_job_says_why_and_the_next_one_runs(handled_by, counting, make_job):
    bad, good = make_job(), make_job("counting")

    @handled_by
    def fail(run):
        raise jobs.JobFailed("There are no sheep.")

    assert job_runner.run_waiting_jobs(clock.now()) == 2

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.error, good.state) == ("failed", "There are no sheep.", "done")


@pytest.mark.rule("PL-22", "PL-30")
def test_fault_of_ours_is_said_in_the_persons_language_and_found_in_the_log(handled_by, make_job, make_user, caplog):
    row = make_job(user=make_user(language="zh-hans"))

    @handled_by
    def fail(run):
        raise ValueError("no such sheep")

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert row.error == f"我们这边出了错。维护服务器的人可在日志中按 {row.public_id} 查到。"
    assert "no such sheep" in caplog.text
    assert row.public_id in caplog.text


@pytest.mark.rule("PL-22")
@pytest.mark.parametrize(
    ("state", "error"), [("done", None), ("failed", jobs.JobFailed), ("cancelled", jobs.JobCancelled)]
)
def test_end_of_a_job_is_told_whatever_it_was(handled_by, make_job, monkeypatch, state, error):
    row, told = make_job(), []
    monkeypatch.setitem(registry.job_endings, "own", lambda job: told.append((job.pk, job.state)))

    @handled_by
    def work(run):
        if error:
            raise error

    job_runner.run_waiting_jobs(clock.now())

    assert told == [(row.pk, state)]


@pytest.mark.rule("PL-50")
def test_job_that_killed_three_workers_is_given_up(counting, make_job):
    row = make_job("counting", state="running", lease_seconds=-1, attempts=3)

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert counting == []
    assert row.state == "failed"
    assert "three interrupted attempts" in row.error


@pytest.mark.rule("PL-50")
def test_lost_worker_that_is_interrupted_hands_nothing_back(handled_by, make_job):
    row = make_job()

    @handled_by
    def work(run):
        Job.objects.filter(pk=row.pk).update(fence=run.job.fence + 1)  # a second worker took it over
        raise OperationalError

    job_runner.run_waiting_jobs(clock.now())

    row.refresh_from_db()
    assert row.state == "running"
    assert row.lease_until is not None
