"""What this app hears, and what it registers when it starts."""

from customers import audit_labels
from customers.importing import import_jobs as import_job
from customers.orders import exchange_rates as revaluing_job
from customers.orders import extensions as order_looks
from customers.profiles import extensions as profile_looks

__all__ = [
    "audit_labels", "import_job", "order_looks",
    "profile_looks", "revaluing_job",
]  # fmt: skip
