"""Imports that break off: they say so in words, and go on by the button, by the command, and by themselves."""

import pytest

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import queries, services
from customers.importing.models import ImportRow
from customers.orders.models import Order

pytestmark = pytest.mark.rule("PL-22")


def imported() -> list[str]:
    return sorted(Order.objects.values_list("number", flat=True))


def work(times: int = 1) -> None:
    for _time in range(times):
        job_runner.run_waiting_jobs(clock.now())


def test_import_over_the_time_limit_is_done_by_the_next_tasks(batch, chunks, make_user):
    chunks += [2, 4, 5]
    job = services.start_import(batch=batch, by=make_user("manager"))

    work(4)

    batch.refresh_from_db()
    job.refresh_from_db()
    assert (batch.state, batch.counts["orders"]["created"], job.state, job.done) == ("done", 10, "done", 10)
    assert len(imported()) == 10
    assert set(ImportRow.objects.values_list("outcome", flat=True)) == {"created"}


def test_control_outcome_that_is_not_kept_with_its_chunk_makes_the_rows_come_in_twice(batch, chunks, monkeypatch):
    chunks.append(2)
    store = queries.store_outcomes
    monkeypatch.setattr(queries, "store_outcomes", lambda batch_id, rows: None)
    services.start_import(batch=batch, by=None)
    work()
    monkeypatch.setattr(queries, "store_outcomes", store)
    work()

    batch.refresh_from_db()
    assert batch.counts["orders"] == {"created": 8, "updated": 0, "unchanged": 2}


def test_import_that_is_done_or_under_way_is_not_begun_again(batch, client_as):
    client, page = client_as("manager"), f"/imports/{batch.public_id}/"
    services.start_import(batch=batch, by=None)
    client.post(f"{page}resume/")
    assert Job.objects.count() == 1

    work()
    client.post(f"{page}resume/")

    assert Job.objects.count() == 1
    with pytest.raises(services.ImportAlreadyRunning):
        services.resume_import(batch=batch, by=None)


def test_worker_killed_before_it_said_done_leaves_the_finished_import_as_it_is(batch):
    services.start_import(batch=batch, by=None)
    work()
    batch.refresh_from_db()
    before = (batch.finished_at, batch.counts)
    Job.objects.update(state="running", lease_until=clock.database_now() - jobs.job_run.LEASE_TIME)

    work()

    batch.refresh_from_db()
    assert Job.objects.get().state == "done"
    assert (batch.finished_at, batch.counts) == before
