"""What is known of the mail server: after a failure nothing is sent for a while, so that it is not flooded with attempts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from customers.messaging.channels.smtp import SmtpServer
from customers.messaging.choices import MessageChannel
from customers.messaging.models import Relay

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(seconds=60)


def configured_server() -> SmtpServer:
    """The mail server of the settings."""
    return SmtpServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        starttls=settings.EMAIL_USE_TLS,
        tls=settings.EMAIL_USE_SSL,
        name=settings.MESSAGE_ID_DOMAIN,
    )


def is_server_paused(now: datetime) -> bool:
    """True while nothing is sent to the server."""
    return Relay.objects.filter(channel=MessageChannel.EMAIL, paused_until__gt=now).exists()


@transaction.atomic
def record_server_failure(error: str, now: datetime) -> None:
    """Pause a server that could not be reached or said good-bye: 5 s, doubled each time, at most a minute."""
    relay, _created = Relay.objects.select_for_update(no_key=True).get_or_create(channel=MessageChannel.EMAIL)
    relay.paused_until = now + min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(relay.failures, 6))
    relay.failures += 1
    relay.last_error = error[:300]
    relay.save()


def record_server_success(now: datetime) -> None:
    """End the server's pause: it accepted a message."""
    changed = Relay.objects.filter(channel=MessageChannel.EMAIL).update(
        failures=0, paused_until=None, last_accepted_at=now
    )
    if not changed:
        Relay.objects.get_or_create(channel=MessageChannel.EMAIL, defaults={"last_accepted_at": now})
