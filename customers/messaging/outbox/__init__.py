"""The outbox: `enqueue` puts messages in, `send_due` takes them out; what waits can be dropped."""

from customers.messaging.outbox.deferral import recheck_deferred_messages
from customers.messaging.outbox.dropping import drop_message, drop_source_messages, free_daily_slots
from customers.messaging.outbox.enqueueing import enqueue_messages
from customers.messaging.outbox.message_draft import MessageDraft

__all__ = [
    "MessageDraft",
    "drop_message",
    "drop_source_messages",
    "enqueue_messages",
    "free_daily_slots",
    "recheck_deferred_messages",
]
