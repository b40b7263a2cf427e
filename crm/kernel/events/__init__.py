"""Announce up: a lower area states what happened; upper apps hear it in their `listeners.py`.

Inline listeners run in the same transaction, each in its own savepoint, and their failure fails the change.
Later ones are `EventDelivery` rows, rung through the broker at once and swept every 5 s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import clock, doorbell
from crm.kernel.events.models import Event, EventDelivery


@dataclass(frozen=True)
class Declared:
    """The name of a past-tense event."""

    name: str


@dataclass(frozen=True)
class Batch:
    """What a listener gets: the ids that the event is about, and whether it is live or history."""

    event_id: int
    ids: list[int]
    live: bool
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


Listener = Callable[[Batch], None]

declared: dict[str, Declared] = {}
inline: dict[str, list[Listener]] = {}
later: dict[str, dict[str, Listener]] = {}


def declare(name: str) -> Declared:
    """State that an event exists; declaring twice is an error."""
    if name in declared:
        raise ValueError(f"the event {name!r} is declared twice")
    declared[name] = Declared(name)
    return declared[name]


def listens(*events: Declared, later: bool = False) -> Callable[[Listener], Listener]:
    """Register a listener: a sentence, set-based, idempotent by a unique constraint."""

    def keep(listener: Listener) -> Listener:
        for event in events:
            if later:
                _later_of(event.name)[f"{listener.__module__}.{listener.__name__}"] = listener
            else:
                inline.setdefault(event.name, []).append(listener)
        return listener

    return keep


def _later_of(name: str) -> dict[str, Listener]:
    return later.setdefault(name, {})


@transaction.atomic
def announce(
    event: Declared, ids: Sequence[int], *, live: bool = True, at: datetime | None = None, **data: Any
) -> None:
    """Write one event row for a batch and let everybody hear it: inline now, later ones through their rows."""
    if not ids:
        return
    now = clock.now()
    row = Event.objects.create(name=event.name, ids=list(ids), live=live, data=data, at=at or now, created_at=now)
    listeners = later.get(event.name, {})
    EventDelivery.objects.bulk_create(
        EventDelivery(event=row, listener=name, next_attempt_at=now) for name in listeners
    )
    batch = Batch(row.pk, list(ids), live, row.at, data)
    for listener in inline.get(event.name, []):
        with transaction.atomic():
            listener(batch)
    if listeners:
        doorbell.ring("deliveries")
