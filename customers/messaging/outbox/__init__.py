"""The outbox: messages are enqueued as rows, delivered by workers, deferred, or dropped while they wait."""

from customers.messaging.outbox.daily_cap import free_daily_slots
from customers.messaging.outbox.deferral import drop_message, drop_source_messages, recheck_deferred_messages
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
