"""What this app hears, and what it registers when it starts."""

from customers.importing import job as import_job
from customers.orders import looks as order_looks
from customers.profiles import looks as profile_looks

__all__ = ["import_job", "order_looks", "profile_looks"]
