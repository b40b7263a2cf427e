"""Proofs on real processes; `retention.proofs` registers them."""
