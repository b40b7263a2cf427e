"""The proofs of this app, for `bin/prove`."""

from customers.proving import outbox

__all__ = ["outbox"]
