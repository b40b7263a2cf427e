"""What became of messages is recorded, and the next ones are begun, in one commit; the fence of each claim guards it."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from crm.kernel.db.array_literals import format_array
from crm.kernel.db.prepared_statements import prepared_cursor
from customers.messaging import addresses, rules, suppression
from customers.messaging.choices import MessageReason, MessageState, SuppressionReason
from customers.messaging.outbox import queries
from customers.messaging.outbox.claims import ClaimedMessage
from customers.messaging.rules import history_entry
from customers.profiles import queries as profile_queries

# `reason:purpose` of every suppression reason with every purpose that it stops.
SUPPRESSED_PURPOSES = [
    f"{reason}:{purpose}"
    for reason in rules.PURPOSES_LET_THROUGH
    for purpose in rules.PURPOSES
    if rules.is_purpose_suppressed(reason, purpose)
]
RETRY_REASONS = {"unknown": MessageReason.CUT, "ours": MessageReason.OURS}


@dataclass(frozen=True)
class DeliveryResult:
    """What is recorded about one message; `frees_slot` gives its slot of the day back, `is_attempt` counts it as tried."""

    message: ClaimedMessage
    state: MessageState
    reason: str = ""
    reply: str = ""
    retry_at: datetime | None = None
    frees_slot: bool = False
    is_attempt: bool = True
    has_bounced: bool = False

    def as_row(self, at: datetime) -> dict[str, Any]:
        """The result as RECORD_RESULTS reads it."""
        until = self.retry_at.isoformat(timespec="seconds") if self.retry_at else ""
        details = {"reply": self.reply[:200], "attempt": self.message.attempts, "until": until}
        return {
            "id": self.message.id,
            "fence": self.message.fence,
            "state": self.state,
            "reason": self.reason,
            "reply": self.reply[:500],
            "retry_at": self.retry_at,
            "frees_slot": self.frees_slot,
            "uncounted": int(not self.is_attempt),
            "accepted_at": at if self.state == MessageState.ACCEPTED else None,
            "entry": [history_entry(at, self.state, self.reason, **details)],
        }


def delivery_result(message: ClaimedMessage, outcome: str, reply: str, now: datetime) -> DeliveryResult:
    """What an outcome on the wire means for the message: accepted, failed, unknown, or queued again after a pause.

    Only *bounced* says something about the address. What is refused because of us is tried again, until all attempts fail.
    """
    if outcome == "accepted":
        return DeliveryResult(message, MessageState.ACCEPTED, reply=reply)
    if outcome == "refused":
        return DeliveryResult(message, MessageState.FAILED, MessageReason.REFUSED, reply=reply, frees_slot=True)
    if outcome == "bounced":
        return DeliveryResult(
            message, MessageState.FAILED, MessageReason.NO_MAILBOX, reply=reply, frees_slot=True, has_bounced=True
        )
    if outcome == "unreadable":
        return DeliveryResult(message, MessageState.FAILED, MessageReason.UNREADABLE, reply=reply, frees_slot=True)
    if outcome == "unknown" and message.purpose not in rules.RESENT_PURPOSES:
        return DeliveryResult(message, MessageState.UNKNOWN, MessageReason.CUT, reply=reply)
    pause = rules.retry_delay(message.attempts, random.uniform(-1, 1))
    if pause is None:
        return DeliveryResult(message, MessageState.FAILED, MessageReason.GAVE_UP, reply=reply, frees_slot=True)
    reason = RETRY_REASONS.get(outcome, MessageReason.TEMPORARY)
    return DeliveryResult(message, MessageState.QUEUED, reason, reply=reply, retry_at=now + pause)


def braked_result(
    message: ClaimedMessage, retry_at: datetime, reply: str = "", *, is_attempt: bool = False
) -> DeliveryResult:
    """Sending pauses because a server refused many messages in a row: this one waits, with its slot of the day."""
    return DeliveryResult(
        message, MessageState.QUEUED, MessageReason.BRAKED, reply=reply, retry_at=retry_at, is_attempt=is_attempt
    )


def record_results(results: Sequence[DeliveryResult], at: datetime) -> None:
    """Record results: states, slots and timeline change together; bounced addresses go on the suppression list."""
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
    recorded_ids = {pk for pk, has_begun in rows if not has_begun}
    for result in results:
        if result.has_bounced and result.message.id in recorded_ids:
            _suppress_bounced(result.message, at)
    return {pk for pk, has_begun in rows if has_begun}


def _round_sql(has_results: bool, has_messages: bool) -> str:
    """Only the parts for which there is something to do; no message stands in both."""
    parts, selects = [], []
    if has_results:
        parts.append(f"ended AS ({queries.RECORD_RESULTS})")
        parts.append(f"freed AS ({queries.FREE_SLOTS})")
        parts.append(f"entries AS ({profile_queries.timeline_insert_sql(queries.TIMELINE_ENTRIES)})")
        selects.append("SELECT id, false FROM ended")
    if has_messages:
        parts.append(f"begun AS ({queries.BEGIN_DELIVERY})")
        selects.append("SELECT id, true FROM begun")
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(selects)}"


def _round_values(
    results: Sequence[DeliveryResult], messages: Sequence[ClaimedMessage], at: datetime
) -> dict[str, Any]:
    """The ids are given a second time, as constants: with them the plan looks each row up, however small the table."""
    return {
        "at": at,
        "results": json.dumps([result.as_row(at) for result in results], default=str),
        "ended": format_array(result.message.id for result in results),
        "ids": format_array(message.id for message in messages),
        "fences": format_array(message.fence for message in messages),
        "suppressed_purposes": format_array(SUPPRESSED_PURPOSES),
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
