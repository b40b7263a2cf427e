"""Customers' own choices: what they stop, and what only they lift."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import Consent, OutboundMessage, Suppression
from customers.messaging.outbox import enqueue_messages

NOON = "2026-06-10T12:00:00+00:00"

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


def token_of(message):
    return OutboundMessage.objects.get(pk=message.pk).token


@pytest.mark.rule("CU-40")
def test_topic_alone_can_be_stopped_on_the_page(at, willing, put, stranger):
    at(NOON)
    customer = willing()
    address = f"/u/{token_of(put(customer, topic='promotions'))}/"

    page = stranger.post(address, {"scope": "topic"})

    assert "Promotions" in page.content.decode()
    assert dict(Consent.objects.values_list("topic", "state")) == {
        "care": "given",
        "surveys": "given",
        "promotions": "withdrawn",
        "news": "given",
    }
    assert not Suppression.objects.exists()


@pytest.mark.rule("CU-40", "CU-41")
def test_only_the_persons_own_choice_lifts_unsubscribed(at, willing, put, stranger):
    at(NOON)
    customer = willing()
    token = token_of(put(customer))
    stranger.post(f"/u/{token}/", ONE_CLICK)
    consent.give_consent(customer=customer, channel="email", topics=["care"], source="staff", at=clock.now())
    at(clock.now() + timedelta(days=2))
    by_staff = put(customer).reason

    response = stranger.post(f"/preferences/{token}/", {"wanted": ["email.care", "email.nonsense", "x"]})

    assert by_staff == "unsubscribed_all"
    assert response.status_code == 302
    assert put(customer).state == "queued"
    assert put(customer, topic="news").reason == "no_consent"
    assert Suppression.objects.get().lifted_source == "link"


@pytest.mark.rule("CU-41")
@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_clicks_are_one_event(willing, make_draft):
    message = enqueue_messages([make_draft(willing(), purpose="survey", topic="surveys")], clock.now())[0]
    before = Event.objects.count()
    answers = []

    def click():
        answers.append(Client().post(f"/u/{message.token}/", ONE_CLICK).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 20
    assert Suppression.objects.count() == 1
    assert Event.objects.count() - before == 2
