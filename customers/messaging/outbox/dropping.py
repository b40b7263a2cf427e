"""Taking back what waits: a message that is not yet being handed over can be stopped by whoever holds its row."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from customers.messaging import rules
from customers.messaging.models import DailySlot

# A claimed message is stopped too: its fence moves on, so the worker that holds it may not begin.
DROP = """
WITH stopped AS (
  SELECT id FROM customers_outboundmessage m
  WHERE {which} AND state IN ('queued', 'deferred', 'claimed', 'held')
  ORDER BY id FOR NO KEY UPDATE
), freed AS (
  DELETE FROM customers_dailyslot USING stopped WHERE message_id = stopped.id
)
UPDATE customers_outboundmessage m
SET state = 'dropped', reason = %(reason)s, fence = fence + 1, lease_until = NULL, send_day = NULL, history = history || %(step)s::jsonb
FROM stopped WHERE m.id = stopped.id
RETURNING m.id
"""


def history_entry(at: datetime, state: str, reason: str = "", **more: Any) -> dict[str, Any]:
    """One line of a message's history."""
    return {
        "at": at.isoformat(timespec="seconds"),
        "state": str(state),
        "reason": str(reason),
        **{k: v for k, v in more.items() if v},
    }


def drop_unsolicited_messages(
    *, customer_ids: Iterable[int], channel: str, topic: str, reason: str, at: datetime
) -> int:
    """Care and survey messages of a topic, for customers who no longer want it."""
    which = "customer_id = ANY(%(ids)s) AND channel = %(channel)s AND topic = %(topic)s AND purpose = ANY(%(purposes)s)"
    return _drop_messages(
        which,
        reason,
        at,
        ids=list(customer_ids),
        channel=channel,
        topic=topic,
        purposes=sorted(rules.UNSOLICITED_PURPOSES),
    )


def drop_suppressed_messages(*, digests: Iterable[str], channel: str, reason: str, at: datetime) -> int:
    """Messages to addresses that were just suppressed, of every purpose that the reason covers."""
    covered = [purpose for purpose in rules.PURPOSES if rules.is_purpose_suppressed(reason, purpose)]
    which = "digest = ANY(%(digests)s) AND channel = %(channel)s AND purpose = ANY(%(purposes)s)"
    return _drop_messages(which, reason, at, digests=list(digests), channel=channel, purposes=covered)


def drop_source_messages(*, source_type: str, source_ids: Iterable[object], reason: str, at: datetime) -> int:
    """What a programme or a survey still has waiting: recalled, or its goal is reached."""
    which = "source_type = %(type)s AND source_id = ANY(%(ids)s)"
    return _drop_messages(which, reason, at, type=source_type, ids=[str(one) for one in source_ids])


def drop_message(*, message_id: int, reason: str, at: datetime, by: Any = None) -> int:
    """One message, by a person; 0 where it is already on its way."""
    return _drop_messages("m.id = %(id)s", reason, at, by=by, id=message_id)


def free_daily_slots(message_ids: Iterable[int]) -> None:
    """Their places of the frequency cap are free again."""
    DailySlot.objects.filter(message_id__in=list(message_ids)).delete()


def _drop_messages(which: str, reason: str, at: datetime, by: Any = None, **values: Any) -> int:
    line = history_entry(at, "dropped", reason, by=getattr(by, "name", ""))
    with connection.cursor() as cursor:
        cursor.execute(DROP.format(which=which), {**values, "reason": str(reason), "step": json.dumps([line])})
        return int(cursor.rowcount)
