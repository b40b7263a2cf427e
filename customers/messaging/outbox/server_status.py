"""What is known of the server of each channel: after a failure, and after many refusals in a row, nothing is sent for a while."""

from datetime import datetime, timedelta

from django.db import transaction

from customers.messaging.models import Relay

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(seconds=60)


def get_server_status(channel: str) -> Relay:
    """The server of a channel; an unsaved row where nothing has happened yet. One query."""
    return Relay.objects.filter(channel=channel).first() or Relay(channel=channel)


@transaction.atomic
def record_server_failure(channel: str, error: str, now: datetime) -> None:
    """Pause a server that could not be reached or said good-bye: 5 s, doubled each time, at most a minute."""
    relay = _lock_relay(channel)
    relay.paused_until = now + min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(relay.failures, 6))
    relay.failures += 1
    relay.last_error = error[:300]
    relay.save()


@transaction.atomic
def record_server_brake(channel: str, *, refusals_in_row: int, reply: str, paused_until: datetime) -> None:
    """Pause a server that refused so many messages in a row. What waits goes out when it takes mail again."""
    relay = _lock_relay(channel)
    relay.refusals_in_row, relay.paused_until = refusals_in_row, paused_until
    relay.failures += 1
    relay.last_error = reply[:300]
    relay.save()


def record_refusals(channel: str, *, refusals_in_row: int) -> None:
    """Remember refusals at the end of a run that accepted nothing: the next run counts on from them."""
    if not Relay.objects.filter(channel=channel).update(refusals_in_row=refusals_in_row):
        Relay.objects.get_or_create(channel=channel, defaults={"refusals_in_row": refusals_in_row})


def record_server_success(channel: str, now: datetime, *, refusals_in_row: int = 0) -> None:
    """End the server's pause: it accepted a message, and refused so many after it."""
    changed = Relay.objects.filter(channel=channel).update(
        failures=0, paused_until=None, last_accepted_at=now, refusals_in_row=refusals_in_row
    )
    if not changed:
        Relay.objects.get_or_create(
            channel=channel, defaults={"last_accepted_at": now, "refusals_in_row": refusals_in_row}
        )


def _lock_relay(channel: str) -> Relay:
    relay, _created = Relay.objects.select_for_update(no_key=True).get_or_create(channel=channel)
    return relay
