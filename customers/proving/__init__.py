"""Proofs on real processes; `customers.proofs` registers them."""
