"""Putting in: one row per occasion, the governor's verdict on each, slots by priority."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from customers.messaging import consent, governor, preference_tokens, suppression
from customers.messaging.governor import SendRequest
from customers.messaging.models import DailySlot, OutboundMessage, PreferenceToken
from customers.messaging.outbox import enqueue_messages, recheck_deferred_messages
from customers.messaging.policy import MessagingSettings
from customers.profiles.models import Customer, TimelineEntry

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-43")
def test_enqueue_keeps_one_row_per_occasion(at, willing, make_draft):
    at(NOON)
    draft = make_draft(willing(), occasion_key="birthday:2026")

    first = enqueue_messages([draft], clock.now())
    again = enqueue_messages([draft, draft], clock.now())

    assert [message.is_new for message in first + again] == [True, False, False]
    assert {message.pk for message in first + again} == {OutboundMessage.objects.get().pk}
    assert PreferenceToken.objects.count() == 1
    link = preference_tokens.find_valid_token(first[0].token, clock.now())
    assert (link.customer_id, link.topic, link.address_digest) == (draft.customer_id, "care", first[0].digest)
    assert link.expires_at - link.created_at == preference_tokens.TOKEN_LIFETIME


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


@pytest.mark.rule("CU-42")
def test_deferred_message_wakes_in_the_morning(at, willing, put):
    at("2026-06-10T23:30:00+00:00")
    message = put(willing())

    assert message.next_attempt_at == datetime(2026, 6, 11, 8, tzinfo=UTC)
    assert recheck_deferred_messages(datetime(2026, 6, 11, 7, 59, tzinfo=UTC)) == 0
    assert recheck_deferred_messages(datetime(2026, 6, 11, 8, 0, tzinfo=UTC)) == 1

    message.refresh_from_db()
    assert (message.state, message.send_day.isoformat()) == ("queued", "2026-06-11")
    assert [step["state"] for step in message.history] == ["deferred", "queued"]


@pytest.mark.rule("CU-40")
def test_without_consent_only_service_passes(at, make_customer, put):
    at(NOON)
    customer = make_customer(email="quiet@shop.example", time_zone="UTC")

    care = put(customer)
    receipt = put(customer, purpose="transactional", topic="service")

    assert (care.state, care.reason) == ("dropped", "no_consent")
    assert receipt.state == "queued"


@pytest.mark.rule("CU-42")
def test_second_message_of_a_day_is_deferred_with_its_reason(at, willing, put):
    at(NOON)
    customer = willing()

    first, second = put(customer), put(customer)

    assert first.state == "queued"
    assert (second.state, second.reason) == ("deferred", "frequency_cap")
    assert second.next_attempt_at == datetime(2026, 6, 11, 8, tzinfo=UTC)


@pytest.mark.rule("CU-42")
def test_more_important_message_takes_the_slot_of_one_that_waits(at, willing, put):
    at(NOON)
    customer = willing()
    lesser = put(customer, priority=90)

    greater = put(customer, priority=40)

    lesser.refresh_from_db()
    assert greater.state == "queued"
    assert (lesser.state, lesser.reason) == ("deferred", "slot_lost")
    assert DailySlot.objects.get().message_id == greater.pk


@pytest.mark.rule("CU-42")
def test_claimed_message_keeps_its_slot(at, willing, put):
    at(NOON)
    customer = willing()
    lesser = put(customer, priority=90)
    OutboundMessage.objects.filter(pk=lesser.pk).update(state="claimed")

    greater = put(customer, priority=40)

    assert (greater.state, greater.reason) == ("deferred", "frequency_cap")
    assert DailySlot.objects.get().message_id == lesser.pk


@pytest.mark.rule("CU-41")
def test_suppression_drops_what_waits_but_not_tickets(at, willing, put):
    at(NOON)
    customer = willing(email="Anna@Müller.example")
    care, ticket = put(customer), put(customer, purpose="ticket", topic="service")

    suppression.suppress_address(
        channel="email", address=" anna@xn--mller-kva.example", reason="complained", source="test", at=clock.now()
    )

    care.refresh_from_db()
    ticket.refresh_from_db()
    assert (care.state, care.reason) == ("dropped", "complained")
    assert ticket.state == "queued"
    assert put(customer).reason == "complained"
    assert not DailySlot.objects.exists()


@pytest.mark.rule("CU-41")
def test_bounced_lets_only_forced_security_through(at, willing, put):
    at(NOON)
    customer = willing()
    suppression.suppress_address(
        channel="email", address=customer.email, reason="bounced", source="test", at=clock.now()
    )

    assert [put(customer, purpose=p).state for p in ("care", "survey", "transactional", "ticket", "security")] == [
        "dropped"
    ] * 5
    assert put(customer, purpose="security", forced=True).state == "queued"


@pytest.mark.rule("CU-40")
def test_withdrawal_stops_what_waits_and_leaves_its_history(at, willing, put):
    at(NOON)
    customer = willing()
    message = put(customer, topic="promotions")

    changed = consent.withdraw_consent(
        customer=customer, channel="email", topics=["promotions"], source="staff", at=clock.now()
    )

    message.refresh_from_db()
    assert changed == 1
    assert (message.state, message.reason) == ("dropped", "no_consent")
    assert put(customer, topic="promotions").state == "dropped"
    assert TimelineEntry.objects.filter(customer=customer, kind="consent_withdrawn").count() == 1


@pytest.mark.rule("CU-30")
def test_import_never_lifts_an_opt_out(at, willing, put):
    at(NOON)
    customer = willing()
    consent.withdraw_consent(customer=customer, channel="email", topics=["care"], source="link", at=clock.now())

    changed = consent.give_consent(customer=customer, channel="email", topics=["care"], source="import", at=clock.now())

    assert changed == 0
    assert put(customer).reason == "no_consent"


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
