"""Writing down what became of messages, and beginning the next ones, in one commit; guarded by the fence of each claim."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from crm.kernel.db.prepared_statements import format_array, prepared_cursor
from customers.messaging import addresses, rules, suppression
from customers.messaging.choices import MessageReason, MessageState, SuppressionReason
from customers.messaging.outbox.claims import ClaimedMessage
from customers.messaging.outbox.dropping import history_entry
from customers.profiles import queries as profile_queries

# A result may come late: a lease that ran out meanwhile made the message unknown, which the answer now corrects.
RECORD = """
UPDATE customers_outboundmessage m
SET state = r.state, reason = r.reason, reply = r.reply, next_attempt_at = coalesce(r.until, m.next_attempt_at),
    accepted_at = r.accepted_at, lease_until = NULL, send_day = CASE WHEN r.frees THEN NULL ELSE m.send_day END,
    attempts = m.attempts - r.uncounted, history = m.history || r.step
FROM jsonb_to_recordset(%(results)s::jsonb) AS r(id bigint, fence int, state text, reason text, reply text, until timestamptz,
     accepted_at timestamptz, frees bool, uncounted int, step jsonb)
WHERE m.id = ANY(%(ended)s::bigint[]) AND m.id = r.id AND m.fence = r.fence AND m.state IN ('claimed', 'data_started', 'unknown')
RETURNING m.id, m.customer_id, m.public_id, m.subject, m.topic, m.source_type, m.state, r.frees
"""
# Committed before DATA: from here on, silence means *unknown*, never *again*. Whoever suppresses an address drops its
# claimed messages: one of both waits for the other at the row, and a message that was dropped is no longer claimed.
BEGIN = """
UPDATE customers_outboundmessage m
SET state = 'data_started', lease_until = clock_timestamp() + %(lease)s
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS t(id, fence)
WHERE m.id = ANY(%(ids)s::bigint[]) AND m.id = t.id AND m.fence = t.fence AND m.state = 'claimed'
  AND NOT EXISTS (
    SELECT 1 FROM customers_suppression s
    WHERE s.channel = m.channel AND s.digest = m.digest AND s.lifted_at IS NULL
      AND s.reason || ':' || m.purpose = ANY(%(covered)s::text[])
      AND NOT (m.forced AND m.purpose = 'security' AND s.reason = 'bounced'))
RETURNING m.id
"""
# Test mail goes to staff: it is no part of the customer's story.
TIMELINE_LINES = """
SELECT e.customer_id, k.kind, %(at)s::timestamptz, jsonb_build_object('subject', e.subject, 'topic', e.topic), 'message', e.public_id
FROM ended e JOIN (VALUES ('accepted', 'message_sent'), ('failed', 'message_failed'), ('unknown', 'message_unknown')) AS k(state, kind)
  ON k.state = e.state
WHERE e.source_type <> 'trial'
"""
COVERED = [
    f"{reason}:{purpose}"
    for reason in rules.PURPOSES_LET_THROUGH
    for purpose in rules.PURPOSES
    if rules.is_purpose_suppressed(reason, purpose)
]


@dataclass(frozen=True)
class DeliveryResult:
    """What is written about one message; `frees` gives its slot back, `counts` says whether it was an attempt."""

    message: ClaimedMessage
    state: MessageState
    reason: str = ""
    reply: str = ""
    until: datetime | None = None
    frees: bool = False
    counts: bool = True
    bounced: bool = False

    def row(self, at: datetime) -> dict[str, Any]:
        until = self.until.isoformat(timespec="seconds") if self.until else ""
        told = {"reply": self.reply[:200], "attempt": self.message.attempts, "until": until}
        return {
            "id": self.message.id,
            "fence": self.message.fence,
            "state": self.state,
            "reason": self.reason,
            "reply": self.reply[:500],
            "until": self.until,
            "frees": self.frees,
            "uncounted": int(not self.counts),
            "accepted_at": at if self.state == MessageState.ACCEPTED else None,
            "step": [history_entry(at, self.state, self.reason, **told)],
        }


def delivery_result(message: ClaimedMessage, what: str, reply: str, now: datetime) -> DeliveryResult:
    """What an outcome on the wire means for the message."""
    if what == "accepted":
        return DeliveryResult(message, MessageState.ACCEPTED, reply=reply)
    if what in ("refused", "bounced"):
        return DeliveryResult(
            message, MessageState.FAILED, MessageReason.REFUSED, reply=reply, frees=True, bounced=what == "bounced"
        )
    if what == "unreadable":
        return DeliveryResult(message, MessageState.FAILED, MessageReason.UNREADABLE, reply=reply, frees=True)
    if what == "unknown" and message.purpose not in rules.RESENT_PURPOSES:
        return DeliveryResult(message, MessageState.UNKNOWN, MessageReason.CUT, reply=reply)
    pause = rules.retry_delay(message.attempts, random.uniform(-1, 1))
    if pause is None:
        return DeliveryResult(message, MessageState.FAILED, MessageReason.GAVE_UP, reply=reply, frees=True)
    reason = MessageReason.CUT if what == "unknown" else MessageReason.TEMPORARY
    return DeliveryResult(message, MessageState.QUEUED, reason, reply=reply, until=now + pause)


def record_results(results: Sequence[DeliveryResult], at: datetime) -> None:
    """Write results; also frees slots, tells the timeline, and puts bounced addresses on the suppression list."""
    record_results_and_begin(results, [], at)


def record_results_and_begin(
    results: Sequence[DeliveryResult], messages: Sequence[ClaimedMessage], at: datetime
) -> set[int]:
    """One statement, committed at once: what became of the last messages, and `data_started` for the next.

    Returns the ids that may begin. A message may not if its claim was overtaken, it was dropped meanwhile, or its
    address is suppressed.
    """
    if not results and not messages:
        return set()
    with prepared_cursor() as cursor:
        cursor.execute(_round_sql(bool(results), bool(messages)), _round_values(results, messages, at))
        rows = cursor.fetchall()
    written = {pk for pk, begun in rows if not begun}
    for result in results:
        if result.bounced and result.message.id in written:
            _suppress_bounced(result.message, at)
    return {pk for pk, begun in rows if begun}


def _round_sql(results: bool, messages: bool) -> str:
    """Only the parts for which there is something to do; no message stands in both."""
    parts, found = [], []
    if results:
        parts.append(f"ended AS ({RECORD})")
        parts.append("freed AS (DELETE FROM customers_dailyslot s USING ended e WHERE e.frees AND s.message_id = e.id)")
        parts.append(f"told AS ({profile_queries.timeline_insert_sql(TIMELINE_LINES)})")
        found.append("SELECT id, false FROM ended")
    if messages:
        parts.append(f"begun AS ({BEGIN})")
        found.append("SELECT id, true FROM begun")
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(found)}"


def _round_values(
    results: Sequence[DeliveryResult], messages: Sequence[ClaimedMessage], at: datetime
) -> dict[str, Any]:
    """The ids stand there once more by themselves: with them as constants the plan looks each row up, however small the table."""
    return {
        "at": at,
        "results": json.dumps([result.row(at) for result in results], default=str),
        "ended": format_array(result.message.id for result in results),
        "ids": format_array(message.id for message in messages),
        "fences": format_array(message.fence for message in messages),
        "covered": format_array(COVERED),
        "lease": timedelta(seconds=settings.MAIL_DATA_SECONDS),
    }


def _suppress_bounced(message: ClaimedMessage, at: datetime) -> None:
    suppression.suppress_digest(
        channel=message.channel,
        digest=message.digest,
        reason=SuppressionReason.BOUNCED,
        source=f"smtp:{message.public_id}",
        hint=addresses.address_hint(message.channel, message.address),
        customer_ids=[message.customer_id],
        at=at,
    )
