"""A customer's further word: it opens a solved ticket again, and goes on in one follow-up of a closed one."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.ui import notifications
from feedback.tickets import history, rules, services
from feedback.tickets.choices import MessageAuthor, TicketState
from feedback.tickets.models import Message, Ticket
from feedback.tickets.ticket_messages import add_message, stored_body


class MessageIdTaken(Exception):
    """In this ticket the Message-ID belongs to other words; the message says so."""


@transaction.atomic
def receive_message(*, ticket: Ticket, body: str, channel: str, at: datetime, message_id: str = "") -> Message:
    """A message of the customer. A solved ticket is open again; what is said to a closed one goes on in its follow-up.

    A Message-ID is one message per ticket and channel: with the same words the stored one comes back (`is_new` False),
    with other words it is refused with MessageIdTaken.
    """
    ticket = history.lock_ticket(ticket)
    if message_id and (known := ticket.messages.filter(channel=channel, message_id=message_id).first()):
        if known.body != stored_body(body):
            raise MessageIdTaken(_("This ticket has another message with this message_id."))
        return known
    if ticket.state == TicketState.CLOSED:
        return _receive_after_close(ticket, body, channel, at, message_id)
    message = add_message(ticket, body, channel, MessageAuthor.CUSTOMER, at, message_id=message_id)
    before, after = ticket.state, rules.state_after_customer_message(ticket.state)
    ticket.waiting_since = ticket.waiting_since or at
    is_first_unread, ticket.unread_at = ticket.unread_at is None, ticket.unread_at or at
    ticket.save(update_fields=["waiting_since", "unread_at"])
    if is_first_unread:
        _notify_assignee(ticket)
    if after != before:
        history.write_ticket_state(ticket, after, at, author=MessageAuthor.CUSTOMER)
    if before == TicketState.SOLVED:
        services.announce_reopened(ticket, at, MessageAuthor.CUSTOMER)
    return message


def _notify_assignee(ticket: Ticket) -> None:
    """The bell of the assignee rings with the first word that they have not seen; more of them stand in the list."""
    if ticket.assignee_id:
        notifications.notify_users(
            [ticket.assignee_id],
            "ticket_message",
            url=reverse("feedback:ticket", args=[ticket.public_id]),
            number=ticket.number,
            person=ticket.person,
            subject=ticket.subject,
        )


def _receive_after_close(closed: Ticket, body: str, channel: str, at: datetime, message_id: str) -> Message:
    """A closed ticket has one follow-up, however much is said to it; a follow-up that is closed has its own."""
    follow_up = Ticket.objects.filter(source_type="ticket", source_id__startswith=f"{closed.public_id}:")
    if ticket := follow_up.order_by("-pk").first():
        return receive_message(ticket=ticket, body=body, channel=channel, at=at, message_id=message_id)
    request = services.TicketRequest(
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
        source=("ticket", f"{closed.public_id}:1"),
    )
    ticket = services.open_ticket(request=request, at=at, reason={"after_ticket": closed.number})
    _notify_assignee(ticket)
    message = ticket.messages.get()
    message.is_new = True
    if message_id:
        message.message_id = message_id
        message.save(update_fields=["message_id"])
    return message
