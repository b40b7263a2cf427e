"""What this app hears, and what it registers when it starts."""

from customers.orders import looks as order_looks
from customers.profiles import looks as profile_looks

__all__ = ["order_looks", "profile_looks"]
