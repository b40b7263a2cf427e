"""Asking for help without signing in, and following one's own request."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from crm.kernel.auth import signed_links
from crm.kernel.time import clock
from feedback.tickets import emails, services
from feedback.tickets.models import Message, Ticket

SENT = {"name": "Lin", "email": "lin@example.com", "subject": "Broken lid", "message": "The lid is broken."}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def own(db, make_customer, open_ticket):
    ticket = open_ticket(make_customer(language="zh-hant"))
    return ticket, emails.customer_page_path(ticket)


@pytest.mark.rule("S58")
@pytest.mark.rule("S69")
def test_a_request_gets_a_number(client, db):
    page = client.post("/help/", SENT, follow=True)

    ticket = Ticket.objects.get()
    assert page.status_code == 200
    assert f"Its number is {ticket.number}." in page.content.decode()
    assert (ticket.contact_email, ticket.customer, ticket.channel) == ("lin@example.com", None, "form")


def test_nobody_learns_whether_an_address_is_a_customers(client, make_customer):
    make_customer("Lin Jiayi", email="lin@example.com")

    known = client.post("/help/", SENT, follow=True).content.decode()

    assert Ticket.objects.get().customer is None
    assert "Lin Jiayi" not in known


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_support_page_speaks_three_languages(client, db, language):
    words = {"en": "How can we help?", "zh-hans": "需要什么帮助？", "zh-hant": "需要什麼協助？"}

    assert words[language] in client.get(f"/help/?lang={language}").content.decode()


@pytest.mark.parametrize("field", sorted(SENT))
def test_every_field_is_needed(client, db, field):
    page = client.post("/help/", {**SENT, field: ""})

    assert page.status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [{"email": "no address"}, {"subject": "x" * 201}, {"message": "\x00"}, {"message": "x" * 20_001}, {"name": "\x00"}],
)
def test_bad_input_is_refused_with_words(client, db, bad):
    page = client.post("/help/", {**SENT, **bad})

    assert page.status_code == 422
    assert "invalid-feedback" in page.content.decode()
    assert not Ticket.objects.exists()


def test_a_machine_that_fills_everything_in_is_let_go(client, db):
    assert client.post("/help/", {**SENT, "website": "https://spam.example"}).status_code == 302
    assert not Ticket.objects.exists()


def test_a_form_from_elsewhere_is_refused(db):
    assert Client(enforce_csrf_checks=True).post("/help/", SENT).status_code == 403


def test_the_own_page_shows_what_was_said_in_public_only(client, own, make_user):
    ticket, path = own
    services.add_note(ticket=ticket, body="secret note", by=make_user("service"), at=clock.now())

    page = client.get(path).content.decode()

    assert "茶罐的盖子裂了" in page
    assert "secret note" not in page
    assert 'lang="zh-Hant"' in page


def test_the_own_page_tells_the_time_where_the_customer_lives(client, db, make_customer, open_ticket):
    at = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    ticket = open_ticket(make_customer(language="en", time_zone="Asia/Shanghai"), at=at)

    page = client.get(emails.customer_page_path(ticket)).content.decode()

    assert "04:30" in page
    assert "20:30" not in page


@pytest.mark.rule("S65")
def test_writing_on_the_own_page_opens_a_solved_ticket_again(client, own, make_user):
    ticket, path = own
    services.solve_ticket(ticket=ticket, by=make_user("service"), at=clock.now())

    answer = client.post(path, {"body": "還沒收到"})

    ticket.refresh_from_db()
    message = Message.objects.order_by("pk").last()
    assert answer.status_code == 302
    assert (ticket.state, message.channel, message.author) == ("open", "portal", "customer")


def test_nothing_written_is_refused(client, own):
    _ticket, path = own

    assert client.post(path, {"body": "  "}).status_code == 422
    assert Message.objects.count() == 1


@pytest.mark.parametrize("signed", ["nonsense", "ti_1:abc:def", "%00"])
def test_a_forged_link_opens_nothing(client, db, signed):
    assert client.get(f"/help/tickets/{signed}/").status_code == 404


@pytest.mark.rule("PL-53")
def test_a_link_serves_one_purpose_and_expires(client, own):
    ticket, path = own

    assert client.get(path).status_code == 200
    assert client.get(f"/help/tickets/{signed_links.sign_value('survey', ticket.public_id)}/").status_code == 404
    with time_machine.travel(datetime.now(UTC) + timedelta(days=emails.LINK_DAYS + 1)):
        assert client.get(path).status_code == 404
