"""What a result changes, and what an overtaken claim may not."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript
from customers.messaging.models import DailySlot, OutboundMessage, Suppression
from customers.messaging.outbox import delivery_results
from customers.messaging.outbox.claims import claim_messages
from tests.customers.messaging.rows import fresh

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-45")
@pytest.mark.parametrize(
    ("reply", "reason", "bounced"),
    [
        ("550 5.1.1 No such user", "no_mailbox", True), ("550 User unknown", "no_mailbox", True),
        ("553 5.1.3 Bad address", "no_mailbox", True), ("550 No", "refused", False),
        ("552 5.2.2 Mailbox full", "refused", False), ("550 5.7.1 Rejected by policy", "refused", False),
        ("554 5.6.0 No", "refused", False),
    ],
)  # fmt: skip
def test_permanent_refusal_is_final_and_only_a_bounce_suppresses(at, willing, put, send, reply, reason, bounced):
    at(NOON)
    message = put(willing(email="gone@shop.example"))

    send(SinkScript(rcpt={"gone@shop.example": [reply]}))

    assert (fresh(message).state, message.reason, message.reply) == ("failed", reason, reply)
    assert list(Suppression.objects.values_list("reason", flat=True)) == (["bounced"] if bounced else [])
    assert not DailySlot.objects.exists()


@pytest.mark.rule("CU-41", "CU-45")
@pytest.mark.parametrize(
    "reply", ["550 authentication is required", "554 5.7.1 Relay access denied", "550 Ip frequency limited"]
)
def test_refusal_because_of_us_is_tried_again_and_suppresses_nobody(at, willing, put, send, reply):
    at(NOON)
    message = put(willing(email="anna@shop.example"))
    script = SinkScript(rcpt={"anna@shop.example": [reply]})

    send(script)
    waiting = fresh(message)
    at(clock.now() + timedelta(minutes=2))
    send(script)

    assert (waiting.state, waiting.reply) == ("queued", reply)
    assert fresh(message).state == "accepted"
    assert not Suppression.objects.exists()


@pytest.mark.rule("CU-43")
def test_overtaken_claim_writes_nothing(at, willing, put):
    at(NOON)
    message = put(willing())
    (mine,) = claim_messages(clock.now(), 1)
    OutboundMessage.objects.filter(pk=message.pk).update(fence=mine.fence + 1)

    begun = delivery_results.record_results_and_begin([], [mine], clock.now())

    assert begun == set()
    assert fresh(message).state == "claimed"
