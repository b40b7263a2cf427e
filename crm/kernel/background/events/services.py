"""Announcing events, and the listeners that hear them."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from django.db import transaction

from crm.kernel.background import wakeup
from crm.kernel.background.events.domain_event import DomainEvent
from crm.kernel.background.events.queries import INSERT_EVENT_SQL
from crm.kernel.db.prepared_statements import prepared_cursor
from crm.kernel.time import clock

Listener = TypeVar("Listener", bound=Callable[..., None])

inline_listeners: dict[str, list[Callable[..., None]]] = {}
later_listeners: dict[str, dict[str, Callable[..., None]]] = {}


def register_listener(*event_types: type[DomainEvent], later: bool = False) -> Callable[[Listener], Listener]:
    """Register a listener: a sentence, set-based, idempotent by a unique constraint."""

    def register(listener: Listener) -> Listener:
        for event_type in event_types:
            if later:
                of_event = later_listeners.setdefault(event_type.name, {})
                of_event[f"{listener.__module__}.{listener.__name__}"] = listener
            else:
                inline_listeners.setdefault(event_type.name, []).append(listener)
        return listener

    return register


def announce_event(event: DomainEvent) -> None:
    """Write one row for the event and let everybody hear it: inline listeners now, later ones through their rows.

    The row, its deliveries and what inline listeners do belong to the transaction of the change; a listener that fails
    fails it whole. An event about nobody is not announced.
    """
    if event.ids:
        _store_and_deliver(event)


@transaction.atomic(savepoint=False)
def _store_and_deliver(event: DomainEvent) -> None:
    listeners = list(later_listeners.get(event.name, {}))
    values: dict[str, Any] = {
        "name": event.name,
        "ids": json.dumps(event.ids),
        "live": event.live,
        "data": json.dumps(event.payload()),
        "at": event.at,
        "now": clock.now(),
        "listeners": listeners,
    }
    with prepared_cursor() as cursor:
        cursor.execute(INSERT_EVENT_SQL, values)
        stored = replace(event, event_id=cursor.fetchone()[0])
    for listener in inline_listeners.get(event.name, []):
        listener(stored)
    if listeners:
        wakeup.wake_worker("deliveries")
