"""The proofs of this app, for `bin/prove`."""

from loyalty.proving import redeem_race

__all__ = ["redeem_race"]
