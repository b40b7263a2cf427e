"""The jobs of an import: a check that ends badly leads back to the columns, a stopped import can go on."""

import pytest

from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import execution, services
from customers.orders.models import Order

pytestmark = pytest.mark.rule("PL-22")
HTMX = {"HX-Request": "true"}


def imported() -> list[str]:
    return sorted(Order.objects.values_list("number", flat=True))


def work(times: int = 1) -> None:
    for _time in range(times):
        job_runner.run_waiting_jobs(clock.now())


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
