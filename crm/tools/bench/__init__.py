"""Measurements: each piece of our work turn by turn with the bare limit for the same work, on the same tables.

A piece whose two sides do not give equal checksums prints no figure. The raw SQL of every limit stands in `pieces`.
"""
