"""Events that are heard later: claimed row by row, tried thrice, then set aside with their reason."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crm.kernel.background import events, scheduler
from crm.kernel.background.events.models import Event, EventDelivery
from crm.kernel.time import clock

log = structlog.get_logger(__name__)
ATTEMPTS = 3
PAUSES = (timedelta(seconds=5), timedelta(seconds=60), timedelta(minutes=5))
AT_A_TIME = 200
KEEP = timedelta(days=30)


@scheduler.every_5_seconds("deliveries", alone=False)
def deliver_due(now: datetime) -> int:
    """Deliver what is due; each delivery and its effect commit together. Returns how many were delivered."""
    delivered = 0
    for _ in range(AT_A_TIME):
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
        return _attempt(delivery) if delivery else None


def _attempt(delivery: EventDelivery) -> bool:
    event = delivery.event
    listener = events.later.get(event.name, {}).get(delivery.listener)
    delivery.attempts += 1
    try:
        if listener is None:
            raise LookupError("nobody of this name listens any more")
        with transaction.atomic():
            listener(events.Batch(event.pk, event.ids, event.live, event.at, event.data))
    except Exception as error:
        log.exception("delivery_failed", listener=delivery.listener, event_id=event.pk, attempt=delivery.attempts)
        _postpone(delivery, error)
        return False
    delivery.state, delivery.error = EventDelivery.State.DONE, ""
    delivery.save(update_fields=["state", "attempts", "error"])
    return True


def _postpone(delivery: EventDelivery, error: Exception) -> None:
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= ATTEMPTS:
        delivery.state = EventDelivery.State.QUARANTINED
    else:
        delivery.next_attempt_at = clock.now() + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["state", "attempts", "error", "next_attempt_at"])


@scheduler.nightly("forget_events")
def forget_delivered(now: datetime) -> int:
    """Drop events older than 30 days that nobody still waits for."""
    waiting = EventDelivery.objects.exclude(state=EventDelivery.State.DONE).values("event_id")
    deleted, _ = Event.objects.filter(created_at__lt=now - KEEP).exclude(pk__in=waiting).delete()
    return deleted
