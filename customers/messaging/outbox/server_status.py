"""What is known of the server of each channel: after a failure nothing is sent for a while, so that it is not flooded with attempts."""

from datetime import datetime, timedelta

from django.db import transaction

from customers.messaging.models import Relay

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(seconds=60)


def is_server_paused(channel: str, now: datetime) -> bool:
    """True while nothing is sent to the server."""
    return Relay.objects.filter(channel=channel, paused_until__gt=now).exists()


@transaction.atomic
def record_server_failure(channel: str, error: str, now: datetime) -> None:
    """Pause a server that could not be reached or said good-bye: 5 s, doubled each time, at most a minute."""
    relay, _created = Relay.objects.select_for_update(no_key=True).get_or_create(channel=channel)
    relay.paused_until = now + min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(relay.failures, 6))
    relay.failures += 1
    relay.last_error = error[:300]
    relay.save()


def record_server_success(channel: str, now: datetime) -> None:
    """End the server's pause: it accepted a message."""
    changed = Relay.objects.filter(channel=channel).update(failures=0, paused_until=None, last_accepted_at=now)
    if not changed:
        Relay.objects.get_or_create(channel=channel, defaults={"last_accepted_at": now})
