"""Announce up: a lower area states what happened; upper apps hear it in their `listeners.py`.

Inline listeners run in the same transaction, and their failure fails the change.
Later ones are `EventDelivery` rows, rung through the broker at once and swept every 5 s.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel.background import wakeup
from crm.kernel.db.prepared_statements import prepared_cursor
from crm.kernel.time import clock

INSERT_EVENT_SQL = """
WITH event AS (
  INSERT INTO kernel_event (name, ids, live, data, at, created_at)
  VALUES (%(name)s, %(ids)s::jsonb, %(live)s, %(data)s::jsonb, %(at)s, %(now)s) RETURNING id
), delivery AS (
  INSERT INTO kernel_eventdelivery (event_id, listener, state, attempts, next_attempt_at, error)
  SELECT event.id, listener, 'due', 0, %(now)s, '' FROM event, unnest(%(listeners)s::text[]) AS listener
)
SELECT id FROM event
"""


@dataclass(frozen=True)
class EventType:
    """The name of a past-tense event."""

    name: str


@dataclass(frozen=True)
class EventBatch:
    """What a listener gets: the ids that the event is about, and whether it is live or history."""

    event_id: int
    ids: list[int]
    live: bool
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


EventListener = Callable[[EventBatch], None]

event_types: dict[str, EventType] = {}
inline_listeners: dict[str, list[EventListener]] = {}
later_listeners: dict[str, dict[str, EventListener]] = {}


def declare_event(name: str) -> EventType:
    """State that an event exists; declaring twice is an error."""
    if name in event_types:
        raise ValueError(f"the event {name!r} is declared twice")
    event_types[name] = EventType(name)
    return event_types[name]


def register_listener(*events: EventType, later: bool = False) -> Callable[[EventListener], EventListener]:
    """Register a listener: a sentence, set-based, idempotent by a unique constraint."""

    def keep(listener: EventListener) -> EventListener:
        for event in events:
            if later:
                _later_listeners_of(event.name)[f"{listener.__module__}.{listener.__name__}"] = listener
            else:
                inline_listeners.setdefault(event.name, []).append(listener)
        return listener

    return keep


def _later_listeners_of(name: str) -> dict[str, EventListener]:
    return later_listeners.setdefault(name, {})


def announce_event(
    event: EventType, ids: Sequence[int], *, live: bool = True, at: datetime | None = None, **data: Any
) -> None:
    """Write one event row for a batch and let everybody hear it: inline now, later ones through their rows.

    The event, its deliveries and what inline listeners do belong to the transaction of the change; a listener that fails
    fails it whole.
    """
    if ids:
        _store_and_deliver(event.name, list(ids), live, at, data)


@transaction.atomic(savepoint=False)
def _store_and_deliver(name: str, ids: list[int], live: bool, at: datetime | None, data: dict[str, Any]) -> None:
    now = clock.now()
    heard_later = list(later_listeners.get(name, {}))
    values: dict[str, Any] = {
        "name": name,
        "ids": json.dumps(ids),
        "live": live,
        "data": json.dumps(data),
        "at": at or now,
        "now": now,
    }
    with prepared_cursor() as cursor:
        cursor.execute(INSERT_EVENT_SQL, {**values, "listeners": heard_later})
        event_id = cursor.fetchone()[0]
    batch = EventBatch(event_id, ids, live, at or now, data)
    for listener in inline_listeners.get(name, []):
        listener(batch)
    if heard_later:
        wakeup.wake_worker("deliveries")
