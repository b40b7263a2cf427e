"""`manage.py mailbox`: the embedded mailbox's SMTP server, until it is stopped."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from customers.messaging.mailbox import server


class Command(BaseCommand):
    help = "Take mail by SMTP on this machine and keep it for /mailbox/ (development only)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED_MAILBOX:
            raise CommandError("The mailbox is for development; mail goes to EMAIL_URL.")
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        mailbox = server.create_mailbox_server(settings.EMAIL_HOST, settings.EMAIL_PORT)
        try:
            mailbox.start()
        except OSError as error:
            raise CommandError(f"Port {settings.EMAIL_PORT} cannot be used: {error}") from error
        self.stdout.write(f"mailbox listens on {settings.EMAIL_HOST}:{settings.EMAIL_PORT}")
        over.wait()
        mailbox.stop()
