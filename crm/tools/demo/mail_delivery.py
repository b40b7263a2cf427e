"""The post of the past: what waits in the outbox was taken by the mail server, or, seldom, was not."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import delivery_results
from customers.messaging.outbox.delivery_results import DeliveryResult

# What is written down about a message, and what decides about it.
MESSAGE_FIELDS = (
    "fence", "attempts", "customer_id", "public_id", "subject", "topic", "purpose", "source_type", "channel", "digest",
    "address", "next_attempt_at",
)  # fmt: skip
WAITING_STATES = (MessageState.QUEUED, MessageState.DEFERRED)


def deliver_due_mail(*, until: datetime, dice: random.Random) -> int:
    """Every message due by then gets its answer, written down as a worker would; returns how many."""
    due = OutboundMessage.objects.filter(state__in=WAITING_STATES, next_attempt_at__lte=until).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    if not ids:
        return 0
    OutboundMessage.objects.filter(pk__any=ids).update(
        state=MessageState.DATA_STARTED, fence=F("fence") + 1, attempts=F("attempts") + 1, reason=""
    )
    messages: list[Any] = list(OutboundMessage.objects.filter(pk__any=ids).order_by("pk").only(*MESSAGE_FIELDS))
    by_minute: dict[datetime, list[DeliveryResult]] = {}
    for message in messages:
        at = message.next_attempt_at + timedelta(seconds=dice.randrange(2, 300))
        by_minute.setdefault(at.replace(second=0, microsecond=0, minute=0), []).append(
            draw_delivery_result(message, dice)
        )
    for at, results in by_minute.items():
        delivery_results.record_results(results, min(until, at + timedelta(minutes=dice.randrange(1, 59))))
    return len(ids)


def draw_delivery_result(message: Any, dice: random.Random) -> DeliveryResult:
    """Nearly all are accepted; a few bounce, are refused for now too often, or are cut off before the answer."""
    luck = dice.random()
    if luck < 0.004:
        return DeliveryResult(
            message,
            MessageState.FAILED,
            MessageReason.NO_MAILBOX,
            reply="550 5.1.1 No such user here",
            frees_slot=True,
            has_bounced=True,
        )
    if luck < 0.007:
        return DeliveryResult(
            message, MessageState.FAILED, MessageReason.GAVE_UP, reply="451 4.3.0 Try again later", frees_slot=True
        )
    if luck < 0.009 and message.purpose not in ("security", "ticket"):
        return DeliveryResult(message, MessageState.UNKNOWN, MessageReason.CUT)
    return DeliveryResult(message, MessageState.ACCEPTED, reply="250 2.0.0 OK")
