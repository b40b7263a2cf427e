"""Messages that wait: rechecked when their time comes, or dropped."""

from datetime import UTC, datetime

import pytest

from crm.kernel.time import clock
from customers.messaging.models import Consent, DailySlot, OutboundMessage
from customers.messaging.outbox import drop_message, drop_source_messages, recheck_deferred_messages
from customers.messaging.outbox.claims import claim_messages
from customers.messaging.outbox.delivery_results import record_results_and_begin


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


@pytest.mark.rule("CU-42")
def test_message_whose_consent_is_gone_is_dropped_when_it_is_rechecked(at, willing, put):
    at("2026-06-10T23:30:00+00:00")
    message = put(willing())
    Consent.objects.update(state="withdrawn")

    recheck_deferred_messages(datetime(2026, 6, 11, 8, tzinfo=UTC))

    message.refresh_from_db()
    assert (message.state, message.reason) == ("dropped", "no_consent")


@pytest.mark.rule("CU-42")
def test_only_messages_of_the_source_that_still_wait_are_dropped(at, willing, put):
    at("2026-06-10T12:00:00+00:00")
    waiting, other, sent = put(willing(), source_id=7), put(willing(), source_id=8), put(willing(), source_id=7)
    OutboundMessage.objects.filter(pk=sent.pk).update(state="accepted")

    dropped = drop_source_messages(source_type="test", source_ids=[7], reason="recalled", at=clock.now())

    states = dict(OutboundMessage.objects.values_list("pk", "state"))
    assert dropped == 1
    assert states == {waiting.pk: "dropped", other.pk: "queued", sent.pk: "accepted"}
    assert set(DailySlot.objects.values_list("message_id", flat=True)) == {other.pk, sent.pk}


def test_dropped_claim_may_not_begin_any_more(at, willing, put):
    at("2026-06-10T12:00:00+00:00")
    message = put(willing())
    (claimed,) = claim_messages(clock.now(), 1)

    assert drop_message(message_id=message.pk, reason="recalled", at=clock.now()) == 1

    assert record_results_and_begin([], [claimed], clock.now()) == set()
    message.refresh_from_db()
    assert (message.state, message.fence) == ("dropped", claimed.fence + 1)
