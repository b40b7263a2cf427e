"""Customers' own links: unsubscribe by one click or by page, choose topics; whatever happened to keys and records meanwhile."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SmtpSink
from customers.messaging.models import Consent, ConsentEntry, OutboundMessage, Suppression
from customers.messaging.outbox import delivery_run

NOON = "2026-06-10T12:00:00+00:00"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


def token_of(message):
    return OutboundMessage.objects.get(pk=message.pk).token


@pytest.mark.rule("CU-46", "CU-41")
def test_one_click_from_a_real_mail_stops_everything_but_service(at, willing, put, stranger, settings):
    at(NOON)
    customer = willing(email="anna@shop.example")
    put(customer)
    with SmtpSink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        delivery_run.send_due_messages(clock.now())
    address = re.search(rb"^List-Unsubscribe: <http://[^/]+(/u/[^>]+)>", sink.taken[0].raw, re.M)[1].decode()
    waiting = put(customer, topic="news")

    response = stranger.post(address, ONE_CLICK)
    again = stranger.post(address, ONE_CLICK)

    waiting.refresh_from_db()
    assert (response.status_code, again.status_code) == (200, 200)
    assert waiting.state == "dropped"
    assert put(customer).reason == "unsubscribed_all"
    assert put(customer, purpose="ticket", topic="service").state == "queued"
    assert Suppression.objects.get().source == "one_click"
    assert ConsentEntry.objects.filter(customer=customer, state="withdrawn").count() == 4


@pytest.mark.rule("CU-41")
def test_opening_the_link_changes_nothing(at, willing, put, stranger):
    at(NOON)
    address = f"/u/{token_of(put(willing()))}/"

    assert [stranger.get(address).status_code, stranger.head(address).status_code] == [200, 200]
    assert not Suppression.objects.exists()


@pytest.mark.rule("CU-41")
def test_link_survives_new_keys_sixty_days_and_a_merge(at, willing, make_customer, put, stranger, settings):
    at(NOON)
    customer = willing(email="old@shop.example")
    address = f"/u/{token_of(put(customer))}/"
    survivor = willing(email="new@shop.example")
    type(customer).objects.filter(pk=customer.pk).update(merged_into=survivor)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    at(clock.now() + timedelta(days=70))

    response = stranger.post(address, ONE_CLICK)

    assert response.status_code == 200
    assert set(Consent.objects.filter(customer=survivor).values_list("topic", "state")) >= {
        ("care", "withdrawn"),
        ("news", "withdrawn"),
    }


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize(
    ("scope", "said"), [("all", "You are unsubscribed"), ("topic", "no more mail about this topic")]
)
def test_page_does_not_ask_again_for_what_is_done(at, willing, put, stranger, scope, said):
    at(NOON)
    address = f"/u/{token_of(put(willing(), topic='promotions'))}/"
    before = stranger.get(address).content.decode()
    stranger.post(address, {"scope": scope})

    after = stranger.get(address).content.decode()

    assert ('name="scope"' in before, said in before) == (True, False)
    assert ('name="scope"' in after, said in after) == (False, True)


@pytest.mark.rule("CU-40", "PL-30")
@pytest.mark.parametrize(
    ("language", "words"), [("en", "What may we write"), ("zh-hans", "我们可以"), ("zh-hant", "我們可以")]
)
def test_preferences_speak_the_customers_language(at, willing, put, stranger, language, words):
    at(NOON)
    token = token_of(put(willing(language=language)))

    page = stranger.get(f"/preferences/{token}/").content.decode()

    assert words in page
    assert page.count("checked") == 4


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("token", ["short", "x" * 43, "y" * 200, "%00" * 12])
def test_unknown_link_says_so(db, stranger, token):
    assert [stranger.get(f"/{kind}/{token}/").status_code for kind in ("u", "preferences")] == [404, 404]
