"""What became of a reply's mail, in words for whoever wrote it: nothing that was not sent looks as if it were."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.messaging import selectors as messaging
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.models import OutboundMessage
from feedback.tickets.models import Message, Ticket

NO_MAILBOX_ADVICE = gettext_lazy(
    "Ask for another address, or lift the suppression if it is wrong; then send it again. Until then, call."
)
ADVICE: dict[str, Any] = {
    MessageReason.BOUNCED: NO_MAILBOX_ADVICE,
    MessageReason.NO_MAILBOX: NO_MAILBOX_ADVICE,
    MessageReason.NO_ADDRESS: gettext_lazy("Enter the customer's address, then write again. Until then, call."),
    MessageReason.REFUSED: gettext_lazy("Read what the mail server said, change the words, or send it again later."),
    MessageReason.GAVE_UP: gettext_lazy("Have the mail server's settings checked, then send it again."),
    MessageReason.NOT_CONFIGURED: gettext_lazy("Have the channel set up, then send it again."),
}
OTHER_ADVICE = gettext_lazy("Reach the customer in another way, or send it again.")


@dataclass(frozen=True)
class DeliveryNote:
    """What stands under a reply that has not gone out: why, what to do, and the message it is about."""

    text: str
    advice: str
    message_id: str
    is_final: bool


def delivery_notes(ticket: Ticket, messages: list[Message]) -> dict[int, DeliveryNote]:
    """Id of a message → note, for each reply whose mail has not been accepted. One query."""
    deliveries = messaging.source_deliveries("ticket", ticket.public_id)
    notes = {message.pk: _delivery_note(deliveries.get(message.message_id)) for message in messages}
    return {pk: note for pk, note in notes.items() if note is not None}


def is_reply_unsent(message: Message) -> bool:
    """True for a reply whose mail was given up: it has not gone out, and by itself it will not. One query."""
    note = delivery_notes(message.ticket, [message]).get(message.pk)
    return note is not None and note.is_final


def _delivery_note(delivery: OutboundMessage | None) -> DeliveryNote | None:
    if delivery is None or delivery.state == MessageState.ACCEPTED or not delivery.reason:
        return None
    reason = MessageReason(delivery.reason)
    if delivery.state in (MessageState.DROPPED, MessageState.FAILED, MessageState.HELD):
        text = _("Not sent: %(reason)s") % {"reason": reason.label}
        return DeliveryNote(text, str(ADVICE.get(reason, OTHER_ADVICE)), delivery.public_id, is_final=True)
    if delivery.state == MessageState.UNKNOWN:
        return DeliveryNote(str(reason.label), str(OTHER_ADVICE), delivery.public_id, is_final=True)
    text = _("Not sent yet: %(reason)s") % {"reason": reason.label}
    return DeliveryNote(text, _("It is tried again by itself."), delivery.public_id, is_final=False)
