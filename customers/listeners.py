"""What this app hears, and what it registers when it starts."""

from customers import audit_labels
from customers.importing import import_jobs as import_job
from customers.messaging import timeline_kinds as message_looks
from customers.messaging.outbox import sending as message_sending
from customers.messaging.outbox import waiting as messages_waiting
from customers.orders import exchange_rates as revaluing_job
from customers.orders import extensions as order_looks
from customers.profiles import extensions as profile_looks
from customers.workspace import behind
from customers.workspace import bulk_actions as bulk_job
from customers.workspace import exporting as export_job

__all__ = [
    "audit_labels", "bulk_job", "export_job", "import_job", "message_looks", "message_sending", "messages_waiting",
    "order_looks", "profile_looks", "revaluing_job",
]  # fmt: skip

behind.register_drilldowns()
