"""Locks on addresses: putting in the outbox shares them, suppressing takes them alone, so neither misses the other.

256 buckets instead of one lock per address: a thousand addresses at once must fit in PostgreSQL's lock table.
"""

from collections.abc import Iterable

from django.db import connection

LOCK_NAMESPACE = 4_200


def lock_addresses_shared(digests: Iterable[str]) -> None:
    """Until the end of the transaction nobody suppresses these addresses."""
    _acquire_locks("pg_advisory_xact_lock_shared", digests)


def lock_addresses_exclusively(digests: Iterable[str]) -> None:
    """Wait until everybody who shares these addresses has committed."""
    _acquire_locks("pg_advisory_xact_lock", digests)


def _acquire_locks(function: str, digests: Iterable[str]) -> None:
    buckets = sorted({int(digest[:2], 16) for digest in digests if digest})
    if buckets:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count({function}(%s, bucket)::text) FROM unnest(%s::int[]) AS bucket",
                [LOCK_NAMESPACE, buckets],
            )
