"""The SMTP server of the mailbox: it accepts every mail."""

import logging
from typing import Any

from aiosmtpd.controller import Controller

from customers.messaging.mailbox import mail_files

CLEAN_UP_EVERY = 500
# It would log every command, addresses included.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class MailboxReceiver:
    """Stores each mail before it is accepted."""

    def __init__(self) -> None:
        self.received_count = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail_files.save_mail(envelope.rcpt_tos, envelope.original_content or b"")
        self.received_count += 1
        if self.received_count % CLEAN_UP_EVERY == 0:
            mail_files.delete_old_mails()
        return "250 2.0.0 kept"


def create_mailbox_server(host: str, port: int) -> Controller:
    """An SMTP server in a thread; the caller starts and stops it."""
    return Controller(MailboxReceiver(), hostname=host, port=port, enable_SMTPUTF8=True, ready_timeout=10)
