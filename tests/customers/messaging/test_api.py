"""Consent from other systems: with its proof, once, and never older than what is known."""

import pytest

from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import Consent, ConsentEntry
from tests.customers.conftest import client_with

GIVEN = {
    "customer": "external:shop:C1",
    "channel": "email",
    "topics": ["promotions", "news"],
    "state": "given",
    "at": "2026-03-01T10:00:00+08:00",
    "wording": "signup-3",
    "proof": "form 8812",
}
pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-40")]


def post(api, **changed):
    return api.post("/api/v1/consents/", {**GIVEN, **changed}, format="json")


def test_consent_comes_in_with_its_proof_and_once(api, customer):
    first, again = post(api), post(api)

    assert [(answer.status_code, answer.data["changed"]) for answer in (first, again)] == [(201, 2), (200, 0)]
    entries = list(
        ConsentEntry.objects.order_by("topic").values_list("topic", "state", "source", "wording_version", "proof")
    )
    assert entries == [
        ("news", "given", "api", "signup-3", "form 8812"),
        ("promotions", "given", "api", "signup-3", "form 8812"),
    ]
    assert {row.at.isoformat() for row in Consent.objects.all()} == {"2026-03-01T02:00:00+00:00"}


def test_mail_of_the_topic_goes_out_from_then_on(api, customer, put):
    customer.email = "jiayi@shop.example"
    customer.save()

    before, _answer, after = put(customer, topic="promotions"), post(api), put(customer, topic="promotions")

    assert (before.reason, after.reason) == ("no_consent", "")


def test_what_was_said_later_stands_whatever_arrives_last(api, customer):
    consent.withdraw_consent(customer=customer, channel="email", topics=["promotions"], source="link", at=clock.now())

    older, newer = post(api, topics=["promotions"]), post(api, topics=["promotions"], at=clock.now().isoformat())

    assert (older.data["changed"], newer.data["changed"]) == (0, 1)
    assert Consent.objects.get().state == "given"


def test_two_words_in_one_call_count_in_the_order_in_which_they_were_said(api, customer):
    later = {**GIVEN, "state": "withdrawn", "at": "2026-04-01T10:00:00+08:00"}

    answer = api.post("/api/v1/consents/bulk/", [later, GIVEN], format="json")

    assert answer.data == {"changed": 2, "refused": []}
    assert set(Consent.objects.values_list("state", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize(
    ("changed", "attr"),
    [
        ({"customer": "external:shop:nobody"}, "customer"),
        ({"topics": ["service"]}, "topics.0"),
        ({"topics": []}, "topics"),
        ({"channel": "pigeon"}, "channel"),
        ({"state": "maybe"}, "state"),
        ({"at": "2099-01-01T00:00:00Z"}, "at"),
        ({"proof": "x" * 201}, "proof"),
        ({"until": "2027-01-01"}, "until"),
    ],
)
@pytest.mark.rule("PL-51")
def test_bad_statement_is_refused_by_its_field_and_writes_nothing(api, customer, changed, attr):
    alone, beside = (
        post(api, **changed),
        api.post("/api/v1/consents/bulk/", [{**GIVEN, **changed}, GIVEN], format="json"),
    )

    assert alone.status_code == 400
    assert [error["attr"] for error in alone.data["errors"]] == [attr]
    assert [(refusal["index"], refusal["attr"]) for refusal in beside.data["refused"]] == [(0, attr)]
    assert ConsentEntry.objects.count() == 2


def test_what_holds_and_what_was_said_can_be_read(api, customer):
    post(api)

    answer = api.get("/api/v1/customers/external:shop:C1/consents/").data

    current = {(row["channel"], row["topic"]): (row["allowed"], row["source"]) for row in answer["current"]}
    assert current["email", "news"] == (True, "api")
    assert current["email", "care"] == (False, "default")
    assert current["sms", "service"] == (True, "default")
    assert [entry["topic"] for entry in answer["history"]] in (["news", "promotions"], ["promotions", "news"])


def test_right_over_customers_is_no_right_over_their_consent(make_user, customer):
    api, _key = client_with(make_user(), ["customers:read", "customers:write"])

    assert post(api).status_code == 403
    assert not ConsentEntry.objects.exists()
