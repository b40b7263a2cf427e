"""Sending to a raw SMTP sink: what the wire says becomes the message's state, at most once and never lost."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript
from customers.messaging import suppression
from customers.messaging.models import Suppression
from customers.messaging.outbox import delivery_run
from customers.profiles.models import TimelineEntry
from tests.customers.messaging.rows import fresh

NOON = "2026-06-10T12:00:00+00:00"


class Misbehaving(SinkScript):
    def __init__(self, data="354 go on", answer="250 2.0.0 Ok"):
        super().__init__()
        self.data, self.answer = data, answer

    def on_data(self, recipient):
        return self.data

    def on_message(self, recipient, message_id):
        return self.answer


@pytest.mark.rule("CU-43")
def test_due_message_is_accepted_once(at, willing, put, send):
    at(NOON)
    message = put(willing(email="anna@shop.example"))

    first, second = send(), send()

    message = fresh(message)
    assert (first.sent, second.sent) == (1, 0)
    assert [(one.recipient, one.message_id) for one in first.taken] == [("anna@shop.example", message.message_id)]
    assert (message.state, message.reply, message.attempts) == ("accepted", "250 2.0.0 Ok", 1)
    assert message.accepted_at is not None
    assert [step["state"] for step in message.history] == ["queued", "accepted"]
    assert TimelineEntry.objects.get(kind="message_sent").object_id == message.public_id


@pytest.mark.rule("CU-43")
def test_greylisted_message_is_tried_again_and_sent_once(at, willing, put, send):
    at(NOON)
    message = put(willing(email="grey@shop.example"))
    script = SinkScript(rcpt={"grey@shop.example": ["451 4.7.1 Try again", "451 4.7.1 Try again"]})

    send(script)
    once = fresh(message)
    pause = once.next_attempt_at - clock.now()
    assert (once.state, once.reason, once.attempts) == ("queued", "temporary", 1)
    assert timedelta(seconds=45) < pause < timedelta(seconds=75)

    for minutes in (2, 10):
        at(clock.now() + timedelta(minutes=minutes))
        sink = send(script)

    assert sink.recipients() == ["grey@shop.example"]
    assert (fresh(message).state, fresh(message).attempts) == ("accepted", 3)


@pytest.mark.rule("CU-43")
def test_cut_after_the_final_dot_is_unknown_for_care_and_tried_again_for_tickets(at, willing, put, send):
    at(NOON)
    care, ticket = put(willing()), put(willing(), purpose="ticket", topic="service")

    first = send(Misbehaving(answer="take-and-reset"))
    at(clock.now() + timedelta(minutes=3))
    second = send()

    assert len(first.taken) == 2
    assert (fresh(care).state, care.reason) == ("unknown", "cut")
    assert fresh(ticket).state == "accepted"
    assert [one.message_id for one in second.taken] == [ticket.message_id]
    assert TimelineEntry.objects.filter(kind="message_unknown").count() == 1


@pytest.mark.rule("CU-43")
def test_cut_before_the_message_was_written_is_tried_again(at, willing, put, send):
    at(NOON)
    message = put(willing())

    send(Misbehaving(data="reset"))

    assert (fresh(message).state, message.reason) == ("queued", "temporary")


@pytest.mark.rule("CU-41")
def test_suppression_between_queueing_and_sending_wins(at, willing, put, send):
    at(NOON)
    stopped, other = willing(email="Stop@shop.example"), willing(email="other@shop.example")
    message = put(stopped)
    put(other)
    Suppression.objects.bulk_create(
        [Suppression(channel="email", digest=message.digest, reason="complained", at=clock.now())]
    )

    sink = send()

    assert sink.recipients() == ["other@shop.example"]
    assert (fresh(message).state, message.reason) == ("dropped", "complained")


@pytest.mark.rule("CU-41")
def test_suppression_between_claim_and_data_wins(at, willing, put, send, monkeypatch):
    at(NOON)
    customer = willing()
    message = put(customer)
    begin = delivery_run.record_results_and_begin

    def suppress_first(results, messages, now):
        if messages:
            suppression.suppress_address(
                channel="email", address=customer.email, reason="unsubscribed_all", source="test", at=now
            )
        return begin(results, messages, now)

    monkeypatch.setattr(delivery_run, "record_results_and_begin", suppress_first)

    sink = send()

    assert sink.taken == []
    assert (fresh(message).state, message.reason) == ("dropped", "unsubscribed_all")
