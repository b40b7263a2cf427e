"""What is said in a ticket: answering, noting, receiving. Opening one stands in `opening`, moving it in `moves`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.background import events
from feedback.tickets import emails, history, lifecycle, opening, rules
from feedback.tickets.choices import MessageAuthor, MessageKind, TicketChannel, TicketState
from feedback.tickets.events import TicketReplied
from feedback.tickets.models import Message, Ticket
from feedback.tickets.opening import add_message


class TicketClosed(Exception):
    """A closed ticket takes no more answers of ours; the message says so."""


class ReplyOvertaken(Exception):
    """Somebody wrote meanwhile: the reply is held back and what is new is shown."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__(_("Somebody wrote meanwhile. Read the new message, then send your reply."))
        self.messages = messages


@transaction.atomic
def reply_to_ticket(
    *, ticket: Ticket, body: str, by: User, at: datetime, seen: int | None = None, solve: bool = False
) -> Message:
    """Answer the customer in public: the words go out by mail, and we wait for him (or the ticket is solved).

    `seen` is the last message that the writer had before him: if a public one came after it, the reply is
    held back with NewerMessage. A ticket that nobody had belongs to the writer now.
    """
    ticket = history.lock_ticket(ticket)
    if ticket.state == TicketState.CLOSED:
        raise TicketClosed(_("This ticket is closed. Open a new one to write to the customer."))
    if seen is not None and (newer := list(_public_messages(ticket).filter(pk__gt=seen))):
        raise ReplyOvertaken(newer)
    message = add_message(ticket, body, _reply_channel(ticket), MessageAuthor.STAFF, at, user=by)
    message.message_id = emails.send_reply_mail(
        ticket=ticket, message=message, thread=_earlier_message_ids(ticket, message), at=at
    )
    message.save(update_fields=["message_id"])
    if ticket.assignee is None:
        lifecycle.assign_ticket(ticket=ticket, assignee=by, by=by, at=at)
        ticket.refresh_from_db(fields=["assignee", "team"])
    ticket.waiting_since, ticket.first_replied_at = None, ticket.first_replied_at or at
    ticket.save(update_fields=["waiting_since", "first_replied_at"])
    history.write_timeline_line(ticket, "ticket_replied", at, by, body)
    events.announce_event(TicketReplied(ids=[ticket.pk], at=at, message=message.pk, user=by.pk))
    _change_state_after_reply(ticket, TicketState.SOLVED if solve else rules.state_after_reply(ticket.state), at, by)
    return message


@transaction.atomic
def add_note(*, ticket: Ticket, body: str, by: User, at: datetime) -> Message:
    """Words among ourselves; the customer never sees them and nothing moves."""
    ticket = history.lock_ticket(ticket)
    return add_message(ticket, body, ticket.channel, MessageAuthor.STAFF, at, user=by, kind=MessageKind.NOTE)


@transaction.atomic
def receive_message(*, ticket: Ticket, body: str, channel: str, at: datetime, message_id: str = "") -> Message:
    """The customer's word, by whatever way; a solved ticket opens again, a closed one gets a successor.

    The same Message-ID is kept once: the message that there is comes back.
    """
    ticket = history.lock_ticket(ticket)
    if message_id and (known := Message.objects.filter(message_id=message_id).first()):
        return known
    if ticket.state == TicketState.CLOSED:
        return _open_successor(ticket, body, channel, at, message_id)
    message = add_message(ticket, body, channel, MessageAuthor.CUSTOMER, at, message_id=message_id)
    before, after = ticket.state, rules.state_after_customer_message(ticket.state)
    if ticket.waiting_since is None:
        ticket.waiting_since = at
        ticket.save(update_fields=["waiting_since"])
    if after != before:
        history.write_ticket_state(ticket, after, at, author=MessageAuthor.CUSTOMER)
    if before == TicketState.SOLVED:
        lifecycle.announce_reopened(ticket, at, MessageAuthor.CUSTOMER)
    return message


def _open_successor(closed: Ticket, body: str, channel: str, at: datetime, message_id: str) -> Message:
    number = Ticket.objects.filter(source_type="ticket", source_id__startswith=f"{closed.public_id}:").count() + 1
    request = opening.TicketRequest(
        subject=closed.subject,
        body=body,
        channel=channel,
        customer=closed.customer,
        contact_name=closed.contact_name,
        contact_email=closed.contact_email,
        language=closed.language,
        order=closed.order,
        assignee=closed.assignee,
        team=closed.team,
        source=("ticket", f"{closed.public_id}:{number}"),
    )
    message = opening.open_ticket(request=request, at=at, reason={"after_ticket": closed.number}).messages.get()
    if message_id:
        message.message_id = message_id
        message.save(update_fields=["message_id"])
    return message


def _change_state_after_reply(ticket: Ticket, state: str, at: datetime, by: User) -> None:
    if state == ticket.state:
        return
    history.write_ticket_state(ticket, state, at, by=by, by_reply=True)
    if state == TicketState.SOLVED:
        lifecycle.announce_solved(ticket, at, by)


def _public_messages(ticket: Ticket) -> Any:
    return Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC).order_by("pk")


def _earlier_message_ids(ticket: Ticket, message: Message) -> list[str]:
    """Message-IDs of the mails before this one, oldest first."""
    before = Message.objects.filter(ticket=ticket, pk__lt=message.pk).exclude(message_id="").order_by("pk")
    return list(before.values_list("message_id", flat=True))


def _reply_channel(ticket: Ticket) -> str:
    if emails.reply_recipient(ticket):
        return TicketChannel.EMAIL
    return TicketChannel.PORTAL if ticket.channel == TicketChannel.FORM else ticket.channel
