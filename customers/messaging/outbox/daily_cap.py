"""Slots of the frequency cap: an address has so many per local day, given in order of priority by a constraint."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from customers.messaging import governor, policy, rules
from customers.messaging.choices import MessageReason
from customers.messaging.outbox.dropping import history_entry

GRANT_SLOTS = """
INSERT INTO customers_dailyslot (channel, digest, day, number, message_id)
SELECT * FROM unnest(%(channels)s::text[], %(digests)s::text[], %(days)s::date[], %(numbers)s::int[], %(ids)s::bigint[])
ON CONFLICT DO NOTHING
RETURNING message_id
"""
# The least important message that waits loses its slot; one that is already claimed keeps it.
FIND_LOSERS = """
SELECT DISTINCT ON (w.id) w.id, m.id AS loser
FROM unnest(%(ids)s::bigint[], %(channels)s::text[], %(digests)s::text[], %(days)s::date[], %(priorities)s::int[])
     AS w(id, channel, digest, day, priority)
JOIN customers_dailyslot s ON (s.channel, s.digest, s.day) = (w.channel, w.digest, w.day)
JOIN customers_outboundmessage m ON m.id = s.message_id AND m.state = 'queued' AND m.priority > w.priority
ORDER BY w.id, m.priority DESC, m.id DESC
"""
TAKE_OVER_SLOTS = """
WITH loser AS (
  SELECT id FROM customers_outboundmessage WHERE id = ANY(%(losers)s) AND state = 'queued' ORDER BY id FOR NO KEY UPDATE
), freed AS (
  UPDATE customers_dailyslot s SET message_id = t.winner
  FROM unnest(%(losers)s::bigint[], %(winners)s::bigint[]) AS t(loser, winner), loser
  WHERE s.message_id = t.loser AND t.loser = loser.id RETURNING t.loser, t.winner
)
UPDATE customers_outboundmessage m
SET state = 'deferred', reason = %(reason)s, send_day = NULL, next_attempt_at = u.until, history = history || %(step)s::jsonb
FROM freed, unnest(%(losers)s::bigint[], %(untils)s::timestamptz[]) AS u(loser, until)
WHERE m.id = freed.loser AND u.loser = freed.loser
RETURNING freed.winner
"""

SET_SEND_DAY = "UPDATE customers_outboundmessage SET send_day = %(day)s WHERE id = ANY(%(ids)s)"
DEFER_MESSAGES = """
UPDATE customers_outboundmessage m
SET state = 'deferred', reason = %(reason)s, next_attempt_at = t.until, send_day = NULL, history = history || %(step)s::jsonb
FROM unnest(%(ids)s::bigint[], %(untils)s::timestamptz[]) AS t(id, until)
WHERE m.id = t.id AND m.state = 'queued'
"""


@dataclass(frozen=True)
class SlotRequest:
    """A message that needs a slot on a local day; `otherwise` is when its loser, or itself, is asked again."""

    message_id: int
    channel: str
    digest: str
    day: date
    priority: int
    cap: int
    otherwise: datetime


class SlotCalendar:
    """The local day and the next morning at an instant, worked out once for each channel and zone."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._days: dict[tuple[str, str], tuple[date, int, datetime]] = {}

    def wanted(self, message_id: int, channel: str, digest: str, priority: int, zone: str) -> SlotRequest:
        """What a message asks for that would go out now where its reader is."""
        if (channel, zone) not in self._days:
            cap = policy.channel_policy(channel)
            day = governor.local_day(zone, self.at)
            self._days[channel, zone] = day, cap.daily_cap, rules.next_morning(day, zone, cap)
        day, most, morning = self._days[channel, zone]
        return SlotRequest(message_id, channel, digest, day, priority, most, morning)


def assign_slots(asked: Sequence[SlotRequest], at: datetime) -> set[int]:
    """Give out slots to queued messages; whoever gets none is deferred to its customer's next morning."""
    granted = grant_slots(asked, at)
    with connection.cursor() as cursor:
        for day in {one.day for one in asked}:
            cursor.execute(
                SET_SEND_DAY,
                {"day": day, "ids": [o.message_id for o in asked if o.day == day and o.message_id in granted]},
            )
        if late := [one for one in asked if one.message_id not in granted]:
            line = json.dumps([history_entry(at, "deferred", MessageReason.FREQUENCY_CAP)])
            untils = [one.otherwise for one in late]
            cursor.execute(
                DEFER_MESSAGES,
                {
                    "ids": [o.message_id for o in late],
                    "untils": untils,
                    "reason": MessageReason.FREQUENCY_CAP.value,
                    "step": line,
                },
            )
    return granted


def grant_slots(wanted: Sequence[SlotRequest], at: datetime) -> set[int]:
    """Give out slots, the most important first; returns the messages that got one. Losers are deferred, never lost."""
    waiting = sorted(wanted, key=lambda one: (one.priority, one.message_id))
    granted: set[int] = set()
    for number in range(1, max((one.cap for one in waiting), default=0) + 1):
        asking = [one for one in waiting if one.message_id not in granted and one.cap >= number]
        if not asking:
            break
        granted |= _insert_slots(asking, number)
    return granted | _take_over([one for one in waiting if one.message_id not in granted and one.cap > 0], at)


def _insert_slots(asking: list[SlotRequest], number: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(GRANT_SLOTS, {**_columns(asking), "numbers": [number] * len(asking)})
        return {pk for (pk,) in cursor.fetchall()}


def _take_over(asking: list[SlotRequest], at: datetime) -> set[int]:
    if not asking:
        return set()
    until = {one.message_id: one.otherwise for one in asking}
    with connection.cursor() as cursor:
        cursor.execute(FIND_LOSERS, {**_columns(asking), "priorities": [one.priority for one in asking]})
        pairs: dict[int, int] = {}
        for winner, loser in cursor.fetchall():
            pairs.setdefault(loser, winner)
        if not pairs:
            return set()
        losers = sorted(pairs)
        cursor.execute(
            TAKE_OVER_SLOTS,
            {
                "losers": losers,
                "winners": [pairs[loser] for loser in losers],
                "untils": [until[pairs[loser]] for loser in losers],
                "reason": MessageReason.SLOT_LOST.value,
                "step": json.dumps([history_entry(at, "deferred", MessageReason.SLOT_LOST)]),
            },
        )
        return {winner for (winner,) in cursor.fetchall()}


def _columns(asking: list[SlotRequest]) -> dict[str, list]:
    return {
        "channels": [one.channel for one in asking],
        "digests": [one.digest for one in asking],
        "days": [one.day for one in asking],
        "ids": [one.message_id for one in asking],
    }
