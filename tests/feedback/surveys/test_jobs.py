"""Asking everybody who bought lately, and the file of the answers."""

import pytest

from crm.kernel.background.jobs import job_runner
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.messaging import consent
from feedback.surveys.models import Invitation, Survey


@pytest.fixture
def manager(client_as):
    return client_as("manager")


def test_buyers_are_asked_by_a_job(manager, surveys, make_customer, make_order):
    buyer, other = make_customer(email="b@example.com"), make_customer(email="o@example.com")
    for person in (buyer, other):
        consent.give_consent(customer=person, channel="email", topics=["surveys"], source="staff", at=clock.now())
    make_order(buyer)

    manager.post(f"/surveys/{surveys['nps'].public_id}/send/", {"who": "buyers", "bought_days": "30"})
    job_runner.run_waiting_jobs(clock.now())

    assert Job.objects.get().result == {"customers": 1, "invited": 1, "withheld": {}}
    assert Invitation.objects.get().customer == buyer


@pytest.mark.rule("CU-31")
def test_answers_are_exported_without_formulas(manager, make_response):
    response = make_response(3, text="=HYPERLINK(1)")
    nps = Survey.objects.get(key="nps")

    manager.post(f"/surveys/{nps.public_id}/export/", {"days": "365"})
    job_runner.run_waiting_jobs(clock.now())

    job = Job.objects.get()
    lines = job.file.read().decode("utf-8-sig").splitlines()
    assert (job.state, len(lines)) == ("done", 2)
    assert response.customer.public_id in lines[1]
    assert ",'=HYPERLINK(1)," in lines[1]
