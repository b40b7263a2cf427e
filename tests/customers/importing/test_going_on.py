"""Imports that break off: they say so in words, and go on by the button, by the command, and by themselves."""

import json
from io import StringIO

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import connections

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import execution, queries, selectors, services
from customers.importing.models import Import, ImportRow
from customers.orders.models import Order

pytestmark = pytest.mark.rule("PL-22")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def chunks(monkeypatch) -> list[int]:
    """Chunks of two orders; what is appended names the chunks that break, by their number."""
    breaking: list[int] = []
    apply, seen = execution.ImportChunk.apply, []

    def apply_or_break(self):
        seen.append(len(seen))
        if len(seen) in breaking:
            raise SoftTimeLimitExceeded
        apply(self)

    monkeypatch.setattr(execution, "GROUPS_PER_CHUNK", 2)
    monkeypatch.setattr(execution.ImportChunk, "apply", apply_or_break)
    return breaking


@pytest.fixture
def batch(take_orders) -> Import:
    return take_orders(10)


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


def test_stopped_import_keeps_what_came_in_and_goes_on_by_the_button(batch, chunks, client_as, monkeypatch):
    client, page = client_as("manager"), f"/imports/{batch.public_id}/"
    job = services.start_import(batch=batch, by=None)
    apply = execution.ImportChunk.apply
    monkeypatch.setattr(execution.ImportChunk, "apply", lambda self: (apply(self), jobs.cancel_job(job)))
    work()
    monkeypatch.setattr(execution.ImportChunk, "apply", apply)
    batch.refresh_from_db()
    assert (batch.state, len(imported())) == ("failed", 2)

    shown = client.get(page).content.decode()
    answer = client.post(f"{page}resume/")
    again = client.post(f"{page}resume/")
    waiting = client.get(f"{page}state/", headers=HTMX)
    work()

    assert "The import was stopped." in shown
    assert "Go on with the import" in shown
    assert (answer.status_code, again.status_code, waiting.status_code) == (302, 302, 204)
    assert Job.objects.filter(kind="import").count() == 2
    batch.refresh_from_db()
    assert (batch.state, batch.counts["orders"]["created"], len(imported())) == ("done", 10, 10)


def test_import_that_failed_by_a_fault_of_ours_says_so_and_goes_on(batch, chunks, client_as, monkeypatch):
    user_client, page = client_as("manager"), f"/imports/{batch.public_id}/"
    services.start_import(batch=batch, by=None)
    with monkeypatch.context() as broken:
        broken.setattr(execution.ImportChunk, "apply", lambda self: 1 / 0)
        work()
    shown = user_client.get(page).content.decode()

    user_client.post(f"{page}resume/")
    work()

    batch.refresh_from_db()
    assert "Something went wrong on our side." in shown
    assert "ZeroDivisionError" not in shown
    assert (batch.state, len(imported())) == ("done", 10)


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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_check_that_failed_says_why_on_the_page_of_the_columns(batch, client_as, make_user, monkeypatch, language):
    user = make_user("manager", language=language)
    services.start_check(batch=batch, by=user)

    def refuse(**_):
        raise services.UnreadableFile("Line 7 is torn.")

    with monkeypatch.context() as broken:
        broken.setattr(services, "dry_run_import", refuse)
        work()

    batch.refresh_from_db()
    page = client_as(user).get(f"/imports/{batch.public_id}/").content.decode()
    says = {"en": "The check broke off, and nothing is written:", "zh-hans": "检查中断，什么都没有写入："}
    assert batch.state == "uploaded"
    assert says[language] in page
    assert "Line 7 is torn." in page


def test_check_stops_when_asked_and_writes_nothing(batch, chunks, client_as, monkeypatch):
    job = services.start_check(batch=batch, by=None)
    applied, apply = [], execution.ImportChunk.apply

    def apply_and_ask(self):
        apply(self)
        applied.append(self)
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        attempts[-1]._renew_once()  # what the thread beside does every two seconds

    attempts = _attempts(monkeypatch)
    monkeypatch.setattr(execution.ImportChunk, "apply", apply_and_ask)
    work()

    batch.refresh_from_db()
    job.refresh_from_db()
    page = client_as("manager").get(f"/imports/{batch.public_id}/").content.decode()
    assert (job.state, batch.state, len(applied), imported()) == ("cancelled", "uploaded", 1, [])
    assert "The check was stopped; nothing is written." in page


def _attempts(monkeypatch) -> list[jobs.JobRun]:
    """The attempts that the runner makes from now on."""
    made: list[jobs.JobRun] = []
    make = jobs.JobRun
    monkeypatch.setattr(jobs.job_run, "JobRun", lambda *args, **more: made.append(make(*args, **more)) or made[-1])
    return made


def test_stop_before_a_check_began_leads_back_to_the_columns(batch, client_as):
    job = services.start_check(batch=batch, by=None)

    jobs.cancel_job(job)

    batch.refresh_from_db()
    assert batch.state == "uploaded"
    assert "Match columns" in client_as("manager").get(f"/imports/{batch.public_id}/").content.decode()


def test_command_that_broke_off_says_how_to_go_on_and_goes_on(orders_file, chunks):
    chunks.append(3)
    said = StringIO()
    with pytest.raises(SoftTimeLimitExceeded):
        call_command("import_file", orders_file(10), kind="orders", stderr=said)
    batch = Import.objects.get()
    assert (batch.state, len(imported())) == ("failed", 4)
    assert f"import_file --resume {batch.public_id}" in said.getvalue()

    answer = StringIO()
    call_command("import_file", resume=batch.public_id, json=True, stdout=answer)

    assert json.loads(answer.getvalue())["orders"] == {"created": 10, "updated": 0, "unchanged": 0}
    assert len(imported()) == 10
    with pytest.raises(CommandError, match="no import that broke off"):
        call_command("import_file", resume=batch.public_id)


def test_import_of_a_killed_command_is_seen_as_broken_off_and_one_at_work_is_not(batch, client_as):
    Import.objects.filter(pk=batch.pk).update(state="running")
    batch.refresh_from_db()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
            at_work = selectors.is_broken_off(batch)
            page = client_as("manager").get(f"/imports/{batch.public_id}/").content.decode()
            cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
    finally:
        other.close()

    assert (at_work, selectors.is_broken_off(batch)) == (False, True)
    assert "A command on the server is bringing it in." in page
