"""Advisory locks on what customers are found by: two that look for the same person at once go one after the other.

E-mail and phone have no unique index, because two people may share them; so where a file says that they name one person,
this lock keeps two files from adding that person twice. 64 buckets instead of a lock per address: thousands of rows at
once must fit in PostgreSQL's lock table.
"""

import zlib
from collections.abc import Iterable

from customers.profiles import queries

BUCKETS = 64


def lock_match_keys(keys: Iterable[str]) -> None:
    """Until the end of the transaction nobody else matches these external ids, e-mail addresses and phones."""
    buckets = sorted({zlib.crc32(key.encode()) % BUCKETS for key in keys})
    if buckets:
        queries.lock_match_buckets(buckets)
