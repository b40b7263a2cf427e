"""The frequency cap: an address has so many slots on its customer's local day, given by priority under a constraint."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from customers.messaging import governor, policy, rules
from customers.messaging.choices import MessageReason
from customers.messaging.models import DailySlot, OutboundMessage
from customers.messaging.outbox import queries
from customers.messaging.rules import history_entry


@dataclass(frozen=True)
class SlotRequest:
    """A message that needs a slot on a local day; at `retry_at` whoever gets none is decided on again."""

    message_id: int
    channel: str
    digest: str
    day: date
    priority: int
    daily_cap: int
    retry_at: datetime


class SlotCalendar:
    """The local day and the next morning at an instant, worked out once for each channel and time zone."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._days: dict[tuple[str, str], tuple[date, int, datetime]] = {}

    def slot_request(self, message_id: int, channel: str, digest: str, priority: int, time_zone: str) -> SlotRequest:
        """The slot that a message needs to go out now, where its recipient is."""
        if (channel, time_zone) not in self._days:
            channel_policy = policy.channel_policy(channel)
            day = governor.local_day(time_zone, self.at)
            morning = rules.next_morning(day, time_zone, channel_policy)
            self._days[channel, time_zone] = day, channel_policy.daily_cap, morning
        day, daily_cap, morning = self._days[channel, time_zone]
        return SlotRequest(message_id, channel, digest, day, priority, daily_cap, morning)


def assign_slots(requests: Sequence[SlotRequest], at: datetime) -> set[int]:
    """Give slots to queued messages and defer those that get none to their customer's next morning.

    Returns the ids of the messages that got a slot.
    """
    granted = grant_slots(requests, at)
    for day in {request.day for request in requests}:
        ids = [request.message_id for request in requests if request.day == day and request.message_id in granted]
        OutboundMessage.objects.filter(pk__any=ids).update(send_day=day)
    if refused := [request for request in requests if request.message_id not in granted]:
        with connection.cursor() as cursor:
            cursor.execute(
                queries.DEFER_MESSAGES,
                {
                    "ids": [request.message_id for request in refused],
                    "retry_times": [request.retry_at for request in refused],
                    "reason": MessageReason.FREQUENCY_CAP.value,
                    "entry": json.dumps([history_entry(at, "deferred", MessageReason.FREQUENCY_CAP)]),
                },
            )
    return granted


def grant_slots(requests: Sequence[SlotRequest], at: datetime) -> set[int]:
    """Give slots, the most important message first; returns the ids of the messages that got one.

    A more important message takes the slot of a less important one that still waits; the loser is deferred, never lost.
    """
    by_importance = sorted(requests, key=lambda request: (request.priority, request.message_id))
    granted: set[int] = set()
    for number in range(1, max((request.daily_cap for request in by_importance), default=0) + 1):
        unserved = [
            request for request in by_importance if request.message_id not in granted and request.daily_cap >= number
        ]
        if not unserved:
            break
        granted |= _insert_slots(unserved, number)
    unserved = [request for request in by_importance if request.message_id not in granted and request.daily_cap > 0]
    return granted | _take_over_slots(unserved, at)


def free_daily_slots(message_ids: Iterable[int]) -> None:
    """Other messages may have the slots of these."""
    DailySlot.objects.filter(message_id__in=list(message_ids)).delete()


def _insert_slots(requests: list[SlotRequest], number: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(queries.GRANT_SLOTS, {**_as_columns(requests), "numbers": [number] * len(requests)})
        return {pk for (pk,) in cursor.fetchall()}


def _take_over_slots(requests: list[SlotRequest], at: datetime) -> set[int]:
    if not requests:
        return set()
    retry_times = {request.message_id: request.retry_at for request in requests}
    with connection.cursor() as cursor:
        cursor.execute(
            queries.FIND_LOSERS, {**_as_columns(requests), "priorities": [request.priority for request in requests]}
        )
        winners: dict[int, int] = {}
        for winner, loser in cursor.fetchall():
            winners.setdefault(loser, winner)
        if not winners:
            return set()
        losers = sorted(winners)
        cursor.execute(
            queries.TAKE_OVER_SLOTS,
            {
                "losers": losers,
                "winners": [winners[loser] for loser in losers],
                "retry_times": [retry_times[winners[loser]] for loser in losers],
                "reason": MessageReason.SLOT_LOST.value,
                "entry": json.dumps([history_entry(at, "deferred", MessageReason.SLOT_LOST)]),
            },
        )
        return {winner for (winner,) in cursor.fetchall()}


def _as_columns(requests: list[SlotRequest]) -> dict[str, list[Any]]:
    return {
        "channels": [request.channel for request in requests],
        "digests": [request.digest for request in requests],
        "days": [request.day for request in requests],
        "ids": [request.message_id for request in requests],
    }
