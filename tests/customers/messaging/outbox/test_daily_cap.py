"""The frequency cap: slots of an address's day, by priority."""

from datetime import UTC, datetime

import pytest

from customers.messaging.models import DailySlot, OutboundMessage

NOON = "2026-06-10T12:00:00+00:00"


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
