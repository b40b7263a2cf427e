"""Background work of messaging: the outbox is delivered, and expired tokens of customers' links are deleted."""

from crm.kernel.background import scheduler
from customers.messaging import preference_tokens
from customers.messaging.outbox import delivery_run

scheduler.register_every_5_seconds("outbox", is_exclusive=False)(delivery_run.deliver_outbox)
scheduler.register_nightly("forget_tokens")(preference_tokens.delete_expired_tokens)
