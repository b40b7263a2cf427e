"""The governor: its rules on messages that are enqueued."""

from datetime import timedelta

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from customers.messaging import governor, suppression
from customers.messaging.governor import SendRequest
from customers.messaging.policy import MessagingSettings
from customers.profiles.models import Customer

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-42")
@pytest.mark.parametrize(
    ("purpose", "hour", "state", "reason"),
    [
        ("care", 12, "queued", ""),
        ("survey", 23, "deferred", "quiet_hours"),
        ("ticket", 23, "queued", ""),
        ("transactional", 3, "queued", ""),
        ("security", 3, "queued", ""),
    ],
)
def test_quiet_hours_hold_back_what_nobody_asked_for(at, willing, put, purpose, hour, state, reason):
    at(f"2026-06-10T{hour:02}:00:00+00:00")

    message = put(willing(), purpose=purpose)

    assert (message.state, message.reason) == (state, reason)


@pytest.mark.rule("CU-40")
def test_without_consent_only_service_passes(at, make_customer, put):
    at(NOON)
    customer = make_customer(email="quiet@shop.example", time_zone="UTC")

    care = put(customer)
    receipt = put(customer, purpose="transactional", topic="service")

    assert (care.state, care.reason) == ("dropped", "no_consent")
    assert receipt.state == "queued"


@pytest.mark.rule("CU-42")
def test_global_control_group_gets_no_care_but_its_receipts(at, willing, put):
    at(NOON)
    company.change_settings(MessagingSettings, {"control_percent": 100}, by=None)
    customer = willing()

    assert put(customer).reason == "control_group"
    assert put(customer, purpose="transactional").state == "queued"


@pytest.mark.rule("CU-44")
def test_channel_without_adapter_holds_its_messages(at, willing, put):
    at(NOON)
    customer = willing(phone="+8613812342217")

    message = put(customer, channel="sms", purpose="transactional")

    assert (message.state, message.reason) == ("held", "not_configured")


def test_message_that_would_be_late_is_dropped(at, willing, put):
    at("2026-06-10T23:30:00+00:00")

    message = put(willing(), deadline=clock.now() + timedelta(hours=2))

    assert (message.state, message.reason) == ("dropped", "late")


@pytest.mark.rule("CU-42", "RC-6")
def test_turned_away_are_those_whom_the_door_drops(at, willing, make_customer, make_draft):
    at(NOON)
    reached, silent, archived = willing(), make_customer(email="s@shop.example"), willing()
    suppressed, merged, nowhere = willing(), willing(), willing(email=None)
    Customer.objects.filter(pk=archived.pk).update(archived_at=clock.now())
    Customer.objects.filter(pk=merged.pk).update(merged_into=suppressed)
    suppression.suppress_address(
        channel="email", address=suppressed.email, reason="complained", source="test", at=clock.now()
    )
    everybody = [reached, silent, archived, suppressed, merged, nowhere]

    found = governor.refusal_reasons([each.pk for each in everybody], clock.now(), purpose="care", topic="care")

    assert found == {
        silent.pk: "no_consent",
        archived.pk: "archived",
        suppressed.pk: "complained",
        merged.pk: "complained",
        nowhere.pk: "no_address",
    }
    answers = governor.decide_send_requests([SendRequest(each.pk, "care", "care") for each in everybody], clock.now())
    assert found == {
        each.pk: answer.verdict.reason
        for each, answer in zip(everybody, answers, strict=True)
        if answer.verdict.outcome == "drop"
    }
