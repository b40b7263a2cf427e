"""Long proofs of the ledger, for `bin/prove`."""
