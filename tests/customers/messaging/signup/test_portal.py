"""The page as strangers meet it: closed, open, twice, by machines, and never telling who is known."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from crm.kernel import company
from customers.messaging.models import Consent
from customers.messaging.signup.settings import SignupSettings
from customers.profiles.models import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-40", "PL-53")]
WISH = {"name": "Anna", "email": "anna@shop.example", "topics": ["news"]}


@pytest.fixture
def page():
    cache.clear()
    company.change_settings(SignupSettings, {"is_open": True}, by=None)
    return Client()


def test_closed_page_is_not_found():
    assert Client().get("/sign-up/").status_code == 404
    assert Client().post("/sign-up/", WISH).status_code == 404


def test_sign_up_counts_once_it_is_confirmed(page):
    answer = page.post("/sign-up/", WISH, follow=True)
    before = Customer.objects.count()
    link = "/sign-up/" + mail.outbox[0].body.partition("/sign-up/")[2].partition("/")[0] + "/"
    looked = page.get(link)
    after_look = Consent.objects.count()
    confirmed = page.post(link, follow=True)

    assert b"Look into your mailbox" in answer.content
    assert (before, looked.status_code, after_look) == (0, 200, 0)
    assert b"You are signed up" in confirmed.content
    assert Consent.objects.get().topic == "news"


def test_known_and_unknown_addresses_get_the_same_answer(page, make_customer):
    make_customer("Anna", email="anna@shop.example")

    known, unknown = page.post("/sign-up/", WISH), page.post("/sign-up/", {**WISH, "email": "ben@shop.example"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


@pytest.mark.parametrize(
    "changed",
    [{"email": "no address"}, {"email": ""}, {"topics": []}, {"topics": ["service"]}, {"email": "a@localhost"}],
)
def test_bad_input_is_said_and_nothing_is_sent(page, changed):
    answer = page.post("/sign-up/", {**WISH, **changed})

    assert answer.status_code == 422
    assert mail.outbox == []
    assert not Customer.objects.exists()


def test_one_address_gets_three_mails_a_day(page):
    statuses = [page.post("/sign-up/", WISH).status_code for _time in range(4)]

    assert statuses == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_machine_that_fills_the_trap_is_thanked_and_ignored(page):
    assert page.post("/sign-up/", {**WISH, "website": "x"}).status_code == 302
    assert mail.outbox == []


def test_without_confirmation_consent_counts_at_once_and_says_so(page):
    company.change_settings(SignupSettings, {"is_confirmed_by_mail": False}, by=None)

    answer = page.post("/sign-up/", WISH, follow=True)

    assert b"You are signed up" in answer.content
    assert mail.outbox == []
    assert Consent.objects.get().state == "given"


def test_stale_link_is_a_page(page):
    assert page.get("/sign-up/nonsense/").status_code == 404
