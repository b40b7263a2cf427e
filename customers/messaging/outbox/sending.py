"""Sending what is due: the sweep, and the places for workers; several work side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import connection

from crm.kernel.background import scheduler, wakeup
from customers.messaging.outbox import recovery, server_status
from customers.messaging.outbox.deferral import recheck_deferred_messages
from customers.messaging.outbox.delivery_run import DeliveryRun
from customers.messaging.outbox.smtp_pool import SmtpPool

SENDER_LOCK_NAMESPACE = 4_201
RUN_SECONDS = 20


@scheduler.register_every_5_seconds("outbox", alone=False)
def deliver_outbox(now: datetime) -> int:
    """Look after dead workers' claims, wake what was deferred, send what is due; returns how many were handed over."""
    recovery.recover_expired_claims(now)
    recheck_deferred_messages(now)
    return send_due_messages(now)


def send_due_messages(now: datetime, *, seconds: float = RUN_SECONDS) -> int:
    """Send due e-mail for at most `seconds`; more workers than `MAIL_SENDERS` find nothing to do. Returns how many were accepted."""
    with _sender_slot() as mine:
        if not mine or server_status.is_server_paused(now):
            return 0
        lanes = SmtpPool(server_status.configured_server(), settings.MAIL_CONNECTIONS)
        stretch = DeliveryRun(lanes, monotonic() + seconds)
        try:
            stretch.go()
        finally:
            lanes.close()
    if stretch.more:
        wakeup.wake_worker("outbox")
    return stretch.accepted


@contextmanager
def _sender_slot() -> Iterator[bool]:
    """One of `MAIL_SENDERS` places over all processes, so that the mail server never sees more connections than it was promised."""
    held = None
    with connection.cursor() as cursor:
        for number in range(settings.MAIL_SENDERS):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SENDER_LOCK_NAMESPACE, number])
            if cursor.fetchone()[0]:
                held = number
                break
    try:
        yield held is not None
    finally:
        if held is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SENDER_LOCK_NAMESPACE, held])
