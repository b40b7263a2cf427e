"""The proofs of this app, for `bin/prove`."""

from retention.proving import care

__all__ = ["care"]
