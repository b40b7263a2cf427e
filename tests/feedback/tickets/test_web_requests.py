"""The public form: posted twice it opens one ticket, and a shop behind one connection is not held up."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from crm.kernel import company
from crm.kernel.time import clock
from feedback.tickets import services, web_requests
from feedback.tickets.models import Message, Ticket
from feedback.tickets.settings import TicketSettings

SENT = {"name": "Lin", "email": "lin@example.com", "subject": "Broken lid", "message": "The lid is broken."}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


def page_token(client):
    return re.search(r'name="once" value="([0-9a-f]+)"', client.get("/help/").content.decode())[1]


@pytest.mark.rule("FT-1", "PL-53")
def test_the_same_form_posted_twice_opens_one_ticket_and_shows_it_again(client, db):
    form = {**SENT, "once": page_token(client)}

    first, again = client.post("/help/", form), client.post("/help/", form)

    ticket = Ticket.objects.get()
    assert first.url == again.url
    assert f"/help/tickets/{ticket.public_id}:" in first.url
    assert ticket.messages.count() == 1


@pytest.mark.rule("FT-1")
def test_the_same_words_from_another_page_open_nothing_and_show_no_ticket(client, db):
    client.post("/help/", {**SENT, "once": page_token(client)})

    other = Client().post(
        "/help/", {**SENT, "email": " LIN@example.com", "message": "The lid is broken.\r\n"}, follow=True
    )

    assert Ticket.objects.count() == 1
    assert other.redirect_chain == [("/help/?again=1", 302)]
    assert "We have just this request of yours already" in other.content.decode()
    assert Ticket.objects.get().public_id not in other.content.decode()


@pytest.mark.rule("FT-1")
@pytest.mark.parametrize("other", [{"message": "And the cup too."}, {"subject": "Cup"}, {"email": "mei@example.com"}])
def test_other_words_or_another_address_are_another_request(client, db, other):
    form = {**SENT, "once": page_token(client)}

    client.post("/help/", form)
    client.post("/help/", {**form, **other})

    assert Ticket.objects.count() == 2


@pytest.mark.rule("FT-1")
def test_the_same_words_after_it_was_solved_or_on_another_day_are_a_new_request(client, db, make_user):
    client.post("/help/", SENT)
    services.solve_ticket(ticket=Ticket.objects.get(), by=make_user("service"), at=clock.now())

    client.post("/help/", SENT)
    assert Ticket.objects.count() == 2

    Ticket.objects.update(opened_at=clock.now() - timedelta(days=2))
    client.post("/help/", SENT)
    assert Ticket.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("FT-1")
def test_a_double_click_at_the_same_instant_opens_one_ticket():
    def ask(_number):
        request = services.TicketRequest(
            subject="Broken lid", body="The lid is broken.", channel="form", contact_email="lin@example.com"
        )
        try:
            return web_requests.open_web_request(request=request, once="abc", at=clock.now()).ticket.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        opened = set(pool.map(ask, range(4)))

    assert opened == {Ticket.objects.get().pk}


@pytest.mark.rule("PL-53")
def test_one_person_is_held_up_and_the_shop_behind_the_same_connection_is_not(client, db):
    mine = [client.post("/help/", {**SENT, "subject": f"No. {number}"}).status_code for number in range(7)]
    others = [client.post("/help/", {**SENT, "email": f"a{number}@example.com"}).status_code for number in range(20)]

    assert mine == [302] * 5 + [429] * 2
    assert others == [302] * 20
    assert Ticket.objects.count() == 25


@pytest.mark.rule("PL-53")
def test_a_connection_has_a_ceiling_of_its_own_and_both_are_settings(client, db):
    company.change_settings(TicketSettings, {"requests_per_hour": 2, "requests_per_hour_and_network": 4}, by=None)

    mine = [client.post("/help/", {**SENT, "subject": f"No. {number}"}).status_code for number in range(3)]
    others = [client.post("/help/", {**SENT, "email": f"a{number}@example.com"}).status_code for number in range(3)]

    assert mine == [302, 302, 429]
    assert others == [302, 429, 429]


def test_a_message_of_the_own_page_posted_twice_is_one_message(client, db):
    client.post("/help/", SENT)
    path = client.post("/help/", {**SENT, "subject": "Another"}).url.partition("?")[0]
    token = re.search(r'name="once" value="([0-9a-f]+)"', client.get(path).content.decode())[1]

    for body in ("Still broken", "Still broken", "And now the cup"):
        assert client.post(path, {"body": body, "once": token}).status_code == 302

    bodies = Message.objects.filter(channel="portal").order_by("pk").values_list("body", flat=True)
    assert list(bodies) == ["Still broken", "And now the cup"]


@pytest.mark.rule("FT-1")
def test_a_ticket_that_staff_write_down_twice_is_one(client_as, db):
    client = client_as("service")
    form = {
        "contact_name": "Lin",
        "channel": "phone",
        "subject": "Lid",
        "body": "Broken",
        "priority": "2",
        "once": "abc",
    }

    first, again = client.post("/tickets/new/", form), client.post("/tickets/new/", form)
    client.post("/tickets/new/", {**form, "body": "Broken again"})

    assert first.url == again.url
    assert Ticket.objects.count() == 2
