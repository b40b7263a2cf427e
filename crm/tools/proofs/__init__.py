"""Long proofs on real processes: each promise has a checker, and a broken variant in which that checker must find violations.

`bin/prove NAME` runs one in a database of its own.
"""
