"""The outbox: `enqueue` puts messages in, `send_due` takes them out; what waits can be dropped."""

from customers.messaging.outbox.deferral import wake_due
from customers.messaging.outbox.dropping import drop_one, drop_source, free_slots
from customers.messaging.outbox.enqueueing import enqueue
from customers.messaging.outbox.message_draft import Draft

__all__ = ["Draft", "drop_one", "drop_source", "enqueue", "free_slots", "wake_due"]
