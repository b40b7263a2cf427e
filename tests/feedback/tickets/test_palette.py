"""The command palette finds requests: by their number, or while they wait by the words of their subject."""

import pytest

from crm.kernel.time import clock
from feedback.tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PL-40")]


def found(client, query: str) -> str:
    return client.get("/palette/", {"q": query}, headers={"HX-Request": "true"}).content.decode()


@pytest.fixture
def ticket(open_ticket):
    return open_ticket(subject="茶罐的盖子破了 Broken lid")


@pytest.mark.parametrize("query", ["#{}", "{}", "盖子", "broken LID"])
def test_waiting_request_is_found_by_number_and_subject(ticket, client_as, query):
    fragment = found(client_as("service"), query.format(ticket.number))

    assert f"/tickets/{ticket.public_id}/" in fragment
    assert f"#{ticket.number}" in fragment


@pytest.mark.parametrize("query", ["teapot", "盖", "#", "9" * 30, "#9", ""])
def test_others_are_not(ticket, client_as, query):
    assert "/tickets/" not in found(client_as("service"), query)


def test_solved_request_is_found_by_its_number_only(ticket, client_as):
    Ticket.objects.filter(pk=ticket.pk).update(state="solved", solved_at=clock.now())
    client = client_as("service")

    assert ticket.public_id in found(client, f"#{ticket.number}")
    assert ticket.public_id not in found(client, "lid")


def test_whoever_may_not_see_it_does_not_find_it(ticket, client_as, make_user):
    assert "/tickets/" not in found(client_as(make_user("service", scope="own")), f"#{ticket.number}")
