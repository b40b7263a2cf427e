"""What this app hears, and what it registers when it starts."""

from customers import acts
from customers.desk import behind
from customers.desk import bulk as bulk_job
from customers.desk import exporting as export_job
from customers.importing import job as import_job
from customers.messaging import looks as message_looks
from customers.messaging.outbox import sending as message_sending
from customers.messaging.outbox import waiting as messages_waiting
from customers.orders import looks as order_looks
from customers.orders import rates as revaluing_job
from customers.profiles import looks as profile_looks

__all__ = [
    "acts", "bulk_job", "export_job", "import_job", "message_looks", "message_sending", "messages_waiting",
    "order_looks", "profile_looks", "revaluing_job",
]  # fmt: skip

behind.offer()
