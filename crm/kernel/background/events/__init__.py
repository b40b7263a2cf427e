"""Announce up: a lower area states what happened; upper apps hear it in their `listeners.py`.

Inline listeners run in the same transaction, and their failure fails the change.
Later ones are `EventDelivery` rows, rung through the broker at once and swept every 5 s.
"""

from crm.kernel.background.events.domain_event import DomainEvent, event_types
from crm.kernel.background.events.services import (
    announce_event,
    inline_listeners,
    later_listeners,
    register_listener,
)

__all__ = ["DomainEvent", "announce_event", "event_types", "inline_listeners", "later_listeners", "register_listener"]
