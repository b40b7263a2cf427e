"""Waking deferred messages: the governor is asked again, and slots are given out anew by priority."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from customers.messaging import address_locks, governor, rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.governor import SendDecision, SendRequest
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import daily_cap
from customers.messaging.outbox.dropping import history_entry

MESSAGES_AT_A_TIME = 1000
APPLY_CHANGES = """
UPDATE customers_outboundmessage m
SET state = t.state, reason = t.reason, next_attempt_at = t.until, history = history || t.step
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, state text, reason text, until timestamptz, step jsonb)
WHERE m.id = t.id
"""
NEEDED_FIELDS = (
    "id",
    "customer_id",
    "channel",
    "address",
    "digest",
    "purpose",
    "topic",
    "priority",
    "deadline",
    "reason",
    "forced",
)


def recheck_deferred_messages(now: datetime) -> int:
    """Ask again about every deferred message whose time has come; returns how many were looked at."""
    woken = 0
    while done := _recheck_some(now):
        woken += done
        if done < MESSAGES_AT_A_TIME:
            break
    return woken


@transaction.atomic
def _recheck_some(now: datetime) -> int:
    rows = list(
        OutboundMessage.objects.filter(state=MessageState.DEFERRED, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "id")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .only(*NEEDED_FIELDS)[:MESSAGES_AT_A_TIME]
    )
    if not rows:
        return 0
    address_locks.lock_addresses_shared(row.digest for row in rows)
    answers = governor.decide_send_requests(
        [
            SendRequest(r.customer_id, r.purpose, r.topic, r.channel, r.address, r.forced, deadline=r.deadline)
            for r in rows
        ],
        now,
    )
    changes = [_state_change(row, answer, now) for row, answer in zip(rows, answers, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(APPLY_CHANGES, [json.dumps(changes, default=str)])
    queued = {change["id"] for change in changes if change["state"] == MessageState.QUEUED}
    calendar = daily_cap.SlotCalendar(now)
    daily_cap.assign_slots(
        [
            calendar.wanted(row.pk, row.channel, row.digest, row.priority, answer.zone)
            for row, answer in zip(rows, answers, strict=True)
            if row.pk in queued and row.purpose in rules.UNSOLICITED_PURPOSES
        ],
        now,
    )
    return len(rows)


def _state_change(row: OutboundMessage, answer: SendDecision, now: datetime) -> dict[str, Any]:
    verdict = answer.verdict
    state = {"send": MessageState.QUEUED, "defer": MessageState.DEFERRED, "drop": MessageState.DROPPED}[verdict.outcome]
    reason = verdict.reason
    if reason == MessageReason.NOT_CONFIGURED:
        state = MessageState.HELD
    return {
        "id": row.pk,
        "state": state,
        "reason": reason,
        "until": verdict.until or now,
        "step": [history_entry(now, state, reason)],
    }
