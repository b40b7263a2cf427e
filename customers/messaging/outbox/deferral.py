"""What becomes of messages that wait: deferred ones are decided on again when their time comes, any can be dropped."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from crm.kernel.auth.models import User
from customers.messaging import address_locks, governor, rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.governor import SendDecision, SendRequest
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import daily_cap, queries
from customers.messaging.rules import history_entry

MESSAGES_AT_A_TIME = 1000
NEEDED_FIELDS = (
    "id", "customer_id", "channel", "address", "digest", "purpose", "topic", "priority", "deadline", "reason", "forced",
)  # fmt: skip
STATES = {"send": MessageState.QUEUED, "defer": MessageState.DEFERRED, "drop": MessageState.DROPPED}


def recheck_deferred_messages(now: datetime) -> int:
    """Decide again on every deferred message whose time has come; slots of the day are given by priority.

    A thousand at a time, each in a transaction. Returns how many were decided on.
    """
    count = 0
    while chunk_size := _recheck_some(now):
        count += chunk_size
        if chunk_size < MESSAGES_AT_A_TIME:
            break
    return count


@transaction.atomic
def _recheck_some(now: datetime) -> int:
    messages = list(
        OutboundMessage.objects.filter(state=MessageState.DEFERRED, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .only(*NEEDED_FIELDS)[:MESSAGES_AT_A_TIME]
    )
    if not messages:
        return 0
    address_locks.lock_addresses_shared(message.digest for message in messages)
    requests = [
        SendRequest(m.customer_id, m.purpose, m.topic, m.channel, m.address, m.forced, deadline=m.deadline)
        for m in messages
    ]
    decisions = governor.decide_send_requests(requests, now)
    changes = [_state_change(message, decision, now) for message, decision in zip(messages, decisions, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(queries.APPLY_STATE_CHANGES, [json.dumps(changes, default=str)])
    queued_ids = {change["id"] for change in changes if change["state"] == MessageState.QUEUED}
    calendar = daily_cap.SlotCalendar(now)
    daily_cap.assign_slots(
        [
            calendar.slot_request(message.pk, message.channel, message.digest, message.priority, decision.time_zone)
            for message, decision in zip(messages, decisions, strict=True)
            if message.pk in queued_ids and message.purpose in rules.UNSOLICITED_PURPOSES
        ],
        now,
    )
    return len(messages)


def _state_change(message: OutboundMessage, decision: SendDecision, now: datetime) -> dict[str, Any]:
    verdict = decision.verdict
    state = MessageState.HELD if verdict.reason == MessageReason.NOT_CONFIGURED else STATES[verdict.outcome]
    return {
        "id": message.pk,
        "state": state,
        "reason": verdict.reason,
        "next_attempt_at": verdict.until or now,
        "entry": [history_entry(now, state, verdict.reason)],
    }


def drop_unsolicited_messages(
    *, customer_ids: Iterable[int], channel: str, topic: str, reason: str, at: datetime
) -> int:
    """Drop waiting care and survey messages about a topic that these customers no longer want; returns how many."""
    condition = (
        "customer_id = ANY(%(ids)s) AND channel = %(channel)s AND topic = %(topic)s AND purpose = ANY(%(purposes)s)"
    )
    return _drop_messages(
        condition,
        reason,
        at,
        ids=list(customer_ids),
        channel=channel,
        topic=topic,
        purposes=sorted(rules.UNSOLICITED_PURPOSES),
    )


def drop_suppressed_messages(*, digests: Iterable[str], channel: str, reason: str, at: datetime) -> int:
    """Drop waiting messages to addresses that were just suppressed, of every purpose that the reason stops."""
    purposes = [purpose for purpose in rules.PURPOSES if rules.is_purpose_suppressed(reason, purpose)]
    condition = "digest = ANY(%(digests)s) AND channel = %(channel)s AND purpose = ANY(%(purposes)s)"
    return _drop_messages(condition, reason, at, digests=list(digests), channel=channel, purposes=purposes)


def drop_source_messages(*, source_type: str, source_ids: Iterable[object], reason: str, at: datetime) -> int:
    """Drop what a programme or a survey still has waiting, because it was recalled or reached its goal."""
    condition = "source_type = %(type)s AND source_id = ANY(%(ids)s)"
    return _drop_messages(condition, reason, at, type=source_type, ids=[str(source_id) for source_id in source_ids])


def drop_message(*, message_id: int, reason: str, at: datetime, by: User | None = None) -> int:
    """Drop one message for a member of staff; returns 0 where it is already being handed over or has its end."""
    return _drop_messages("m.id = %(id)s", reason, at, by=by, id=message_id)


def _drop_messages(condition: str, reason: str, at: datetime, by: User | None = None, **values: Any) -> int:
    entry = history_entry(at, MessageState.DROPPED, reason, by=by.name if by else "")
    with connection.cursor() as cursor:
        cursor.execute(
            queries.drop_messages_sql(condition), {**values, "reason": str(reason), "entry": json.dumps([entry])}
        )
        return int(cursor.rowcount)
