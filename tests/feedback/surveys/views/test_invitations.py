"""The staff pages that reach customers: sending, and filling in on the phone."""

import pytest

from crm.kernel.time import clock
from customers.messaging import consent
from feedback.surveys.models import Invitation, Response


@pytest.fixture
def manager(client_as):
    return client_as("manager")


def test_named_customers_are_asked(manager, surveys, make_customer):
    customer = make_customer(email="a@example.com")
    consent.give_consent(customer=customer, channel="email", topics=["surveys"], source="staff", at=clock.now())

    page = manager.post(f"/surveys/{surveys['nps'].public_id}/send/", {"who": "list", "customers": "a@example.com\n"})

    assert "1 customer asked" in page.content.decode()
    assert Invitation.objects.get().customer == customer


def test_links_are_shown_once_for_handing_over(manager, surveys, make_customer, client):
    customer = make_customer()

    page = manager.post(
        f"/surveys/{surveys['nps'].public_id}/send/", {"who": "list", "customers": customer.public_id, "by_link": "on"}
    )

    (_person, address) = page.context["links"][0]
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "list"},
        {"who": "list", "customers": "nobody@example.com"},
        {"who": "buyers", "bought_days": "0"},
        {"who": "all"},
    ],
)
def test_nobody_is_asked_by_a_bad_form(manager, surveys, sent):
    assert manager.post(f"/surveys/{surveys['nps'].public_id}/send/", sent).status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.rule("S52")
def test_an_answer_by_phone_names_who_wrote_it(client_as, make_user, surveys, make_customer):
    agent, customer = make_user("service"), make_customer(email="a@example.com")

    client_as(agent).post(
        f"/surveys/{surveys['nps'].public_id}/phone/", {"customer": "a@example.com", "score": "4", "call": "c1"}
    )

    response = Response.objects.get()
    assert (response.customer, response.channel, response.staff, response.score) == (customer, "phone", agent, 4)
