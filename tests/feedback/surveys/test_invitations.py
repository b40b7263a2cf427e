"""Asking customers: through the door, once per occasion, and not too often."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from customers.profiles.models import TimelineEntry
from feedback.surveys import invitations
from feedback.surveys.models import Invitation, Withheld


@pytest.fixture
def make_willing(make_customer):
    """A customer with an address who agreed to surveys."""
    numbers = iter(range(1, 10_000))

    def make(**fields):
        number = next(numbers)
        customer = make_customer(
            f"Willing {number}", **{"email": f"willing{number}@example.com", "language": "zh-hans", **fields}
        )
        if customer.email:
            consent.give_consent(customer=customer, channel="email", topics=["surveys"], source="staff", at=clock.now())
        return customer

    return make


def ask(survey, *customers, occasion="manual:2026-03", at=None, **more):
    ids = [customer.pk for customer in customers]
    return invitations.invite_customers(
        survey=survey, customer_ids=ids, occasion=occasion, at=at or clock.now(), **more
    )


def test_an_invitation_goes_through_the_door_with_its_link(surveys, make_willing, client):
    customer = make_willing()

    asked = ask(surveys["nps"], customer)

    message, invitation = OutboundMessage.objects.get(), Invitation.objects.get()
    assert (asked.invited, invitation.state, message.purpose, message.topic) == (1, "sent", "survey", "surveys")
    assert asked.links[customer.pk] in message.text
    assert "您有多大可能把" in message.text
    assert client.get(asked.links[customer.pk].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert TimelineEntry.objects.filter(customer=customer, kind="survey_sent").count() == 1


@pytest.mark.rule("FS-3")
def test_the_same_occasion_asks_once(surveys, make_willing):
    customer = make_willing()
    ask(surveys["nps"], customer)

    again = ask(surveys["nps"], customer)

    assert (again.invited, dict(again.withheld)) == (0, {"asked_already": 1})
    assert Invitation.objects.count() == OutboundMessage.objects.count() == 1


@pytest.mark.rule("S57")
@pytest.mark.parametrize(("days", "invited"), [(1, 0), (89, 0), (90, 1)])
def test_nobody_is_asked_to_recommend_us_twice_in_ninety_days(surveys, make_willing, days, invited):
    customer, now = make_willing(), clock.now()
    ask(surveys["nps"], customer, occasion="first", at=now - timedelta(days=days))

    asked = ask(surveys["nps"], customer, occasion="second", at=now)

    assert asked.invited == invited
    assert Withheld.objects.filter(customer=customer, reason="asked_lately").count() == 1 - invited


def test_other_surveys_share_thirty_days_and_nps_keeps_its_own(surveys, make_willing):
    customer, now = make_willing(), clock.now()
    ask(surveys["csat"], customer, occasion="first", at=now - timedelta(days=10))

    other = ask(surveys["csat_ticket"], customer, occasion="second", at=now)
    nps = ask(surveys["nps"], customer, occasion="second", at=now)

    assert (other.invited, nps.invited) == (0, 1)


def test_a_call_counts_as_asking_too(surveys, make_willing, make_user):
    from feedback.surveys import services

    customer, by = make_willing(), make_user("service")
    services.record_phone_answer(
        survey=surveys["nps"], customer=customer, answer=services.AnswerInput(9, {}), call="c1", by=by, at=clock.now()
    )

    assert ask(surveys["nps"], customer).invited == 0


@pytest.mark.rule("CU-42")
def test_without_consent_nobody_is_asked_and_the_reason_stands(surveys, make_customer):
    customer = make_customer(email="silent@example.com")

    asked = ask(surveys["nps"], customer)

    assert (asked.invited, dict(asked.withheld)) == (0, {"refused": 1})
    assert Withheld.objects.get().detail == "no_consent"
    assert Invitation.objects.get().sent_at is None


def test_who_has_no_address_or_is_archived_is_not_asked(surveys, make_willing):
    nowhere, gone = make_willing(email=None), make_willing()
    gone.archived_at = clock.now()
    gone.save()

    asked = ask(surveys["nps"], nowhere, gone)

    assert dict(asked.withheld) == {"no_address": 1, "archived": 1}
    assert not Invitation.objects.exists()


def test_a_link_is_handed_over_without_mail(surveys, make_customer):
    customer = make_customer()

    asked = ask(surveys["nps"], customer, channel="link")

    assert asked.links[customer.pk].startswith("http")
    assert Invitation.objects.get().channel == "link"
    assert not OutboundMessage.objects.exists()


def test_many_are_asked_by_as_many_statements_as_few(surveys, make_willing, django_assert_max_num_queries):
    customers = [make_willing() for _number in range(30)]

    with django_assert_max_num_queries(40):
        asked = ask(surveys["nps"], *customers)

    assert asked.invited == 30
