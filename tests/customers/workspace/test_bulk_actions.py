"""What is done with many customers at once, and its way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.kernel.audit.models import AuditEntry
from crm.kernel.background import jobs
from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.profiles.models import Customer
from customers.workspace import bulk_actions

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


def tags() -> dict[str, list[str]]:
    return dict(Customer.objects.values_list("display_name", "tags"))


def owners() -> dict[str, str | None]:
    return dict(Customer.objects.values_list("display_name", "owner__name"))


def undo_url() -> str:
    return reverse("customers:bulk_undo", args=[Job.objects.latest("pk").public_id])


def test_tag_is_given_to_the_ticked_ones_and_taken_back(make_customer, client_as):
    ana, bo = make_customer("Ana", tags=["VIP"]), make_customer("Bo")
    make_customer("Cy")
    client = client_as("sales")

    answer = client.post("/customers/bulk/tag/", {"ids": [ana.public_id, bo.public_id], "word": "VIP", "action": "tag"})

    assert answer.status_code == 204
    assert tags() == {"Ana": ["VIP"], "Bo": ["VIP"], "Cy": []}
    assert client.post(undo_url()).status_code == 204
    assert tags() == {"Ana": ["VIP"], "Bo": [], "Cy": []}
    assert client.post(undo_url()).status_code == 409
    assert AuditEntry.objects.get(action="customers.tagged").count == 1


def test_everybody_that_matches_gets_an_owner_and_his_former_one_back(make_customer, make_user, client_as):
    old, new = make_user("sales", name="Old"), make_user("sales", name="New")
    make_customer("Ana", tags=["VIP"], owner=old)
    make_customer("Bo", tags=["VIP"])
    make_customer("Cy", owner=old)
    client = client_as("manager")

    client.post("/customers/bulk/owner/", {"all": "1", "query": "tag=VIP", "owner": new.public_id})

    assert owners() == {"Ana": "New", "Bo": "New", "Cy": "Old"}
    client.post(undo_url())
    assert owners() == {"Ana": "Old", "Bo": None, "Cy": "Old"}


def test_many_become_a_job_that_goes_on_where_a_killed_worker_stopped(make_customer, make_user, monkeypatch):
    for number in range(9):
        make_customer(f"C{number}")
    monkeypatch.setattr(bulk_actions, "MAX_AT_ONCE", 3)
    monkeypatch.setattr(bulk_actions.bulk_changes, "CHUNK_SIZE", 4)
    everybody = bulk_actions.CustomerSelection([], "", selects_all=True)
    job = bulk_actions.start_bulk_action(
        selection=everybody, action="tag", value="VIP", user=make_user("manager"), at=clock.now()
    )
    assert job.state == "queued"
    first, calls = jobs.JobRun(job_runner._claim_job()), []

    def progress(done: int, total: int | None = None) -> None:
        calls.append(done)
        if len(calls) == 2:
            raise SystemExit("killed")
        jobs.JobRun.save_progress(first, done, total)

    monkeypatch.setattr(first, "save_progress", progress)
    with pytest.raises(SystemExit):
        bulk_actions.apply_bulk_job(first)
    assert Customer.objects.filter(tags=["VIP"]).count() == 4
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(hours=1))

    assert job_runner.run_waiting_jobs(clock.now()) == 1

    job.refresh_from_db()
    assert (job.state, job.result["changed"]) == ("done", 9)
    assert Customer.objects.filter(tags=["VIP"]).count() == 9
    assert bulk_actions.undo_bulk_action(job=job, at=clock.now()) == 9
    assert Customer.objects.filter(tags=[]).count() == 9


def test_others_records_and_others_undo_stay_out_of_reach(make_customer, make_user, client_as):
    me, other = make_user("sales", scope="own"), make_user("sales")
    mine, theirs = make_customer("Mine", owner=me), make_customer("Theirs", owner=other)

    client_as(me).post(
        "/customers/bulk/tag/", {"ids": [mine.public_id, theirs.public_id], "word": "x", "action": "tag"}
    )

    assert tags() == {"Mine": ["x"], "Theirs": []}
    assert client_as(other).post(undo_url()).status_code == 404
    assert tags() == {"Mine": ["x"], "Theirs": []}


def test_nothing_selected_or_a_wrong_address_is_refused(client_as):
    client = client_as("manager")
    wrong = {"all": "1", "query": "quiet=x", "word": "x", "action": "tag"}

    assert client.post("/customers/bulk/tag/", {"word": "x", "action": "tag"}).status_code == 400
    assert client.post("/customers/bulk/tag/", wrong).status_code == 400
    assert client.post("/customers/bulk/tag/", {"word": "", "action": "tag"}).status_code == 422
    assert Job.objects.count() == 0
