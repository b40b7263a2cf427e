"""Claims: a due message belongs to one worker until its lease ends, and `fence` says whose claim is the latest.

When a worker dies, its claims lapse: a message that was not begun is tried again; one that was begun (`data_started`) has
an unknown fate and waits for a member of staff, unless its purpose is one that is resent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from customers.messaging import rules
from customers.messaging.choices import MessageChannel, MessageReason, MessageState
from customers.messaging.outbox import queries
from customers.messaging.rules import history_entry
from customers.profiles import timeline

CLAIMS_AT_A_TIME = 500
TIMELINE_KINDS = {MessageState.UNKNOWN: "message_unknown", MessageState.FAILED: "message_failed"}


@dataclass
class ClaimedMessage:
    """A message that a worker has claimed, with all that delivery needs; `preparation` fills in the last fields."""

    id: int
    fence: int
    attempts: int
    customer_id: int
    public_id: str
    address: str
    digest: str
    channel: str
    purpose: str
    topic: str
    priority: int
    language: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    message_id: str
    token: str
    deadline: datetime | None
    send_day: date | None
    created_at: datetime
    forced: bool
    source_type: str
    recipient_name: str
    time_zone: str
    suppression_reasons: list[str] | None
    has_agreed: bool
    envelope_recipient: str = ""
    envelope_sender: str = ""
    raw: bytes = b""
    sendable_until: datetime | None = None


def claim_messages(now: datetime, size: int, channel: str = MessageChannel.EMAIL.value) -> list[ClaimedMessage]:
    """Claim up to `size` due messages of a channel, the most important first. One statement, committed at once."""
    lease: Any = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(queries.CLAIM_MESSAGES, {"now": now, "size": size, "channel": channel, "lease": lease})
        messages = [ClaimedMessage(*row) for row in cursor.fetchall()]
    for message in messages:
        message.headers = json.loads(str(message.headers))
    return sorted(messages, key=lambda message: (message.priority, message.id))


def release_messages(messages: list[ClaimedMessage]) -> None:
    """Queue claimed messages again that were not tried; the claim does not count as an attempt."""
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(
                queries.RELEASE_MESSAGES,
                {"ids": [message.id for message in messages], "fences": [message.fence for message in messages]},
            )


@transaction.atomic
def recover_expired_claims(now: datetime) -> int:
    """Settle up to 500 claims whose lease is over; returns how many.

    Care and survey mail of unknown fate waits for a member of staff; ticket and security mail is sent again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            queries.RECOVER_CLAIMS,
            {
                "resent": sorted(rules.RESENT_PURPOSES),
                "max_attempts": rules.MAX_ATTEMPTS,
                "now": now,
                "size": CLAIMS_AT_A_TIME,
                "unknown_entry": json.dumps([history_entry(now, MessageState.UNKNOWN, MessageReason.CUT)]),
                "failed_entry": json.dumps([history_entry(now, MessageState.FAILED, MessageReason.GAVE_UP)]),
                "cut_entry": json.dumps([history_entry(now, MessageState.QUEUED, MessageReason.CUT)]),
                "lease_over_entry": json.dumps([history_entry(now, MessageState.QUEUED, MessageReason.LEASE_OVER)]),
            },
        )
        rows = cursor.fetchall()
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            customer_id, TIMELINE_KINDS[state], now, {"subject": subject, "topic": topic}, "message", public_id
        )
        for customer_id, public_id, subject, topic, state in rows
        if state in TIMELINE_KINDS
    )
    return len(rows)
