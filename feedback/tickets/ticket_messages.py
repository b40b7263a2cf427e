"""A word of a ticket is stored: the customer's, staff's, or a note."""

from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from feedback.tickets.choices import MessageKind
from feedback.tickets.models import Message, Ticket

LONGEST_BODY = 20_000


class EmptyMessage(ValueError):
    """A message needs words; the message says so."""


def add_message(
    ticket: Ticket,
    body: str,
    channel: str,
    author: str,
    at: datetime,
    *,
    user: User | None = None,
    kind: str = MessageKind.PUBLIC,
    message_id: str = "",
) -> Message:
    """Store a message of a locked or new ticket; one without words is refused with EmptyMessage."""
    body = stored_body(body)
    if not body:
        raise EmptyMessage(_("Write something first."))
    message = Message.objects.create(
        ticket=ticket, kind=kind, channel=channel, author=author, user=user, body=body, at=at, message_id=message_id
    )
    message.is_new = True
    if ticket.last_message_at != at:
        ticket.last_message_at = at
        ticket.save(update_fields=["last_message_at"])
    return message


def stored_body(text: str) -> str:
    """A text as a message keeps it."""
    return clean_text(text)[:LONGEST_BODY]


def clean_text(text: str) -> str:
    """Without NUL and without blank ends; lines end in one way."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def words_digest(*words: str) -> str:
    """What stands for a form with its words: the same form with other words is another."""
    return sha256("\0".join(word.strip() for word in words).encode()).hexdigest()[:32]
