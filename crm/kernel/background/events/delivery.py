"""Events that are heard later: claimed row by row, tried thrice, then set aside with their reason."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crm.kernel.background import events, scheduler
from crm.kernel.background.events.models import Event, EventDelivery
from crm.kernel.time import clock

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 3
RETRY_PAUSES = (timedelta(seconds=5), timedelta(seconds=60), timedelta(minutes=5))
DELIVERIES_PER_RUN = 200
EVENT_LIFETIME = timedelta(days=30)


@scheduler.register_every_5_seconds("deliveries", is_exclusive=False)
def deliver_due_events(now: datetime) -> int:
    """Deliver what is due; each delivery and its effect commit together. Returns how many were delivered."""
    delivered = 0
    for _ in range(DELIVERIES_PER_RUN):
        outcome = _deliver_next(now)
        if outcome is None:
            break
        delivered += outcome
    return delivered


def _deliver_next(now: datetime) -> bool | None:
    with transaction.atomic():
        delivery = (
            EventDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=EventDelivery.State.DUE, next_attempt_at__lte=now)
            .select_related("event")
            .order_by("next_attempt_at", "id")
            .first()
        )
        return _attempt_delivery(delivery) if delivery else None


def _attempt_delivery(delivery: EventDelivery) -> bool:
    event = delivery.event
    event_type = events.event_types.get(event.name)
    listener = events.later_listeners.get(event.name, {}).get(delivery.listener)
    delivery.attempts += 1
    try:
        if listener is None or event_type is None:
            raise LookupError("nobody of this name listens any more")
        with transaction.atomic():
            listener(event_type.from_row(event.pk, event.ids, event.live, event.at, event.data))
    except Exception as error:
        log.exception("delivery_failed", listener=delivery.listener, event_id=event.pk, attempt=delivery.attempts)
        _postpone_delivery(delivery, error)
        return False
    delivery.state, delivery.error = EventDelivery.State.DONE, ""
    delivery.save(update_fields=["state", "attempts", "error"])
    return True


def _postpone_delivery(delivery: EventDelivery, error: Exception) -> None:
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = EventDelivery.State.QUARANTINED
    else:
        delivery.next_attempt_at = clock.now() + RETRY_PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["state", "attempts", "error", "next_attempt_at"])


@scheduler.register_nightly("forget_events")
def delete_delivered_events(now: datetime) -> int:
    """Drop events older than 30 days that nobody still waits for."""
    waiting = EventDelivery.objects.exclude(state=EventDelivery.State.DONE).values("event_id")
    deleted, _ = Event.objects.filter(created_at__lt=now - EVENT_LIFETIME).exclude(pk__in=waiting).delete()
    return deleted
