"""What is said in a ticket: answering, noting, receiving. Opening one stands in `opening`, moving it in `moves`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.background import events
from feedback.tickets import emails, history, lifecycle, opening, rules
from feedback.tickets.choices import Author, Channel, MessageKind, State
from feedback.tickets.events import TICKET_REPLIED
from feedback.tickets.models import Message, Ticket
from feedback.tickets.opening import say


class TicketIsClosed(Exception):
    """A closed ticket takes no more answers of ours; the message says so."""


class NewerMessage(Exception):
    """Somebody wrote meanwhile: the reply is held back and what is new is shown."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__(_("Somebody wrote meanwhile. Read the new message, then send your reply."))
        self.messages = messages


@transaction.atomic
def reply(
    *, ticket: Ticket, body: str, by: User, at: datetime, seen: int | None = None, solve: bool = False
) -> Message:
    """Answer the customer in public: the words go out by mail, and we wait for him (or the ticket is solved).

    `seen` is the last message that the writer had before him: if a public one came after it, the reply is
    held back with NewerMessage. A ticket that nobody had belongs to the writer now.
    """
    ticket = history.lock(ticket)
    if ticket.state == State.CLOSED:
        raise TicketIsClosed(_("This ticket is closed. Open a new one to write to the customer."))
    if seen is not None and (newer := list(_public(ticket).filter(pk__gt=seen))):
        raise NewerMessage(newer)
    message = say(ticket, body, _channel_out(ticket), Author.STAFF, at, user=by)
    message.message_id = emails.send_reply(ticket=ticket, message=message, thread=_thread(ticket, message), at=at)
    message.save(update_fields=["message_id"])
    if ticket.assignee is None:
        lifecycle.assign(ticket=ticket, assignee=by, by=by, at=at)
        ticket.refresh_from_db(fields=["assignee", "team"])
    ticket.waiting_since, ticket.first_replied_at = None, ticket.first_replied_at or at
    ticket.save(update_fields=["waiting_since", "first_replied_at"])
    history.tell(ticket, "ticket_replied", at, by, body)
    events.announce(TICKET_REPLIED, [ticket.pk], at=at, message=message.pk, user=by.pk)
    _move_on(ticket, State.SOLVED if solve else rules.state_after_reply(ticket.state), at, by)
    return message


@transaction.atomic
def note(*, ticket: Ticket, body: str, by: User, at: datetime) -> Message:
    """Words among ourselves; the customer never sees them and nothing moves."""
    ticket = history.lock(ticket)
    return say(ticket, body, ticket.channel, Author.STAFF, at, user=by, kind=MessageKind.NOTE)


@transaction.atomic
def receive_message(*, ticket: Ticket, body: str, channel: str, at: datetime, message_id: str = "") -> Message:
    """The customer's word, by whatever way; a solved ticket opens again, a closed one gets a successor.

    The same Message-ID is kept once: the message that there is comes back.
    """
    ticket = history.lock(ticket)
    if message_id and (known := Message.objects.filter(message_id=message_id).first()):
        return known
    if ticket.state == State.CLOSED:
        return _successor(ticket, body, channel, at, message_id)
    message = say(ticket, body, channel, Author.CUSTOMER, at, message_id=message_id)
    before, after = ticket.state, rules.state_after_customer(ticket.state)
    if ticket.waiting_since is None:
        ticket.waiting_since = at
        ticket.save(update_fields=["waiting_since"])
    if after != before:
        history.put(ticket, after, at, author=Author.CUSTOMER)
    if before == State.SOLVED:
        lifecycle.announce_reopened(ticket, at, Author.CUSTOMER)
    return message


def _successor(closed: Ticket, body: str, channel: str, at: datetime, message_id: str) -> Message:
    number = Ticket.objects.filter(source_type="ticket", source_id__startswith=f"{closed.public_id}:").count() + 1
    request = opening.Request(
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


def _move_on(ticket: Ticket, state: str, at: datetime, by: User) -> None:
    if state == ticket.state:
        return
    history.put(ticket, state, at, by=by, by_reply=True)
    if state == State.SOLVED:
        lifecycle.announce_solved(ticket, at, by)


def _public(ticket: Ticket) -> Any:
    return Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC).order_by("pk")


def _thread(ticket: Ticket, message: Message) -> list[str]:
    """Message-IDs of the mails before this one, oldest first."""
    before = Message.objects.filter(ticket=ticket, pk__lt=message.pk).exclude(message_id="").order_by("pk")
    return list(before.values_list("message_id", flat=True))


def _channel_out(ticket: Ticket) -> str:
    if emails.address(ticket):
        return Channel.EMAIL
    return Channel.PORTAL if ticket.channel == Channel.FORM else ticket.channel
