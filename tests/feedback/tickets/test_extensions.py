"""What tickets plug into the palette, the page of the day, the customer page and the facts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.kernel.time import clock
from feedback.tickets import extensions, services
from feedback.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def palette(client, query: str) -> str:
    return client.get("/palette/", {"q": query}, headers={"HX-Request": "true"}).content.decode()


@pytest.fixture
def ticket(open_ticket):
    return open_ticket(subject="茶罐的盖子破了 Broken lid")


@pytest.mark.rule("PL-40")
@pytest.mark.parametrize("query", ["#{}", "{}", "盖子", "broken LID"])
def test_waiting_request_is_found_by_number_and_subject(ticket, client_as, query):
    fragment = palette(client_as("service"), query.format(ticket.number))

    assert f"/tickets/{ticket.public_id}/" in fragment
    assert f"#{ticket.number}" in fragment


@pytest.mark.parametrize("query", ["teapot", "盖", "#", "9" * 30, "#9", ""])
def test_others_are_not(ticket, client_as, query):
    assert "/tickets/" not in palette(client_as("service"), query)


def test_solved_request_is_found_by_its_number_only(ticket, client_as):
    Ticket.objects.filter(pk=ticket.pk).update(state="solved", solved_at=clock.now())
    client = client_as("service")

    assert ticket.public_id in palette(client, f"#{ticket.number}")
    assert ticket.public_id not in palette(client, "lid")


def test_whoever_may_not_see_it_does_not_find_it(ticket, client_as, make_user):
    assert "/tickets/" not in palette(client_as(make_user("service", scope="own")), f"#{ticket.number}")


def test_panel_shows_unsolved_tickets_first_and_at_most_five(open_ticket, make_customer, make_user):
    user, customer, now = make_user("manager"), make_customer(), clock.now()
    tickets = [open_ticket(customer, at=now - timedelta(days=days)) for days in range(7)]
    services.solve_ticket(ticket=tickets[0], by=user, at=now)

    panel = extensions.tickets_panel_context(customer, user)["tickets"]

    assert panel == tickets[1:6]


def test_tiles_count_my_open_and_unassigned_tickets(open_ticket, make_user):
    me = make_user("service")
    mine, _theirs = (
        open_ticket(None, contact_email="a@example.com", assignee=me),
        open_ticket(None, assignee=make_user()),
    )
    open_ticket(None, contact_email="b@example.com")
    services.solve_ticket(ticket=open_ticket(None, assignee=me), by=me, at=clock.now())

    assert mine.assignee == me
    assert extensions.MY_TICKETS_TILE.count(me) == 1
    assert extensions.UNASSIGNED_TICKETS_TILE.count(me) == 1


@pytest.mark.parametrize(("number", "text"), [(0, ""), (1, "1 open ticket"), (3, "3 open tickets"), (None, "")])
def test_fact_is_shown_while_tickets_are_open(number, text):
    display = extensions.OPEN_TICKETS_FACT.format("", None if number is None else Decimal(number))

    assert display.text == text
