"""The post of the past: what waits in the outbox was taken by the mail server, or, seldom, was not."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from customers.messaging.choices import Reason, State
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import delivery_results
from customers.messaging.outbox.delivery_results import Result

# What is written down about a message, and what decides about it.
NEEDED = (
    "fence", "attempts", "customer_id", "public_id", "subject", "topic", "purpose", "source_type", "channel", "digest",
    "address", "next_attempt_at",
)  # fmt: skip
WAITING = (State.QUEUED, State.DEFERRED)


def deliver(*, until: datetime, dice: random.Random) -> int:
    """Every message due by then gets its answer, written down as a worker would; returns how many."""
    due = OutboundMessage.objects.filter(state__in=WAITING, next_attempt_at__lte=until).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    if not ids:
        return 0
    OutboundMessage.objects.filter(pk__any=ids).update(
        state=State.DATA_STARTED, fence=F("fence") + 1, attempts=F("attempts") + 1, reason=""
    )
    messages: list[Any] = list(OutboundMessage.objects.filter(pk__any=ids).order_by("pk").only(*NEEDED))
    by_minute: dict[datetime, list[Result]] = {}
    for message in messages:
        at = message.next_attempt_at + timedelta(seconds=dice.randrange(2, 300))
        by_minute.setdefault(at.replace(second=0, microsecond=0, minute=0), []).append(answer(message, dice))
    for at, results in by_minute.items():
        delivery_results.record(results, min(until, at + timedelta(minutes=dice.randrange(1, 59))))
    return len(ids)


def answer(message: Any, dice: random.Random) -> Result:
    """Nearly all are accepted; a few bounce, are refused for now too often, or are cut off before the answer."""
    luck = dice.random()
    if luck < 0.004:
        return Result(
            message, State.FAILED, Reason.REFUSED, reply="550 5.1.1 No such user here", frees=True, bounced=True
        )
    if luck < 0.007:
        return Result(message, State.FAILED, Reason.GAVE_UP, reply="451 4.3.0 Try again later", frees=True)
    if luck < 0.009 and message.purpose not in ("security", "ticket"):
        return Result(message, State.UNKNOWN, Reason.CUT)
    return Result(message, State.ACCEPTED, reply="250 2.0.0 OK")
