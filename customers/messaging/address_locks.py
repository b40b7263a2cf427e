"""Advisory locks on addresses: enqueueing shares them, suppressing takes them alone, so neither misses the other.

256 buckets instead of one lock per address: a thousand addresses at once must fit in PostgreSQL's lock table.
"""

from collections.abc import Iterable

from django.db import connection

from customers.messaging import queries

LOCK_NAMESPACE = 4_200


def lock_addresses_shared(digests: Iterable[str]) -> None:
    """Until the end of the transaction nobody suppresses these addresses."""
    _acquire_locks(queries.LOCK_ADDRESSES_SHARED, digests)


def lock_addresses_exclusively(digests: Iterable[str]) -> None:
    """Wait until every transaction that shares these addresses is over; until the end of this one nobody shares them."""
    _acquire_locks(queries.LOCK_ADDRESSES_EXCLUSIVELY, digests)


def _acquire_locks(sql: str, digests: Iterable[str]) -> None:
    buckets = sorted({int(digest[:2], 16) for digest in digests if digest})
    if buckets:
        with connection.cursor() as cursor:
            cursor.execute(sql, [LOCK_NAMESPACE, buckets])
