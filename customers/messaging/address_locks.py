"""Locks on addresses: putting in the outbox shares them, suppressing takes them alone, so neither misses the other.

256 buckets instead of one lock per address: a thousand addresses at once must fit in PostgreSQL's lock table.
"""

from collections.abc import Iterable

from django.db import connection

CLASS = 4_200


def share(digests: Iterable[str]) -> None:
    """Until the end of the transaction nobody suppresses these addresses."""
    _take("pg_advisory_xact_lock_shared", digests)


def alone(digests: Iterable[str]) -> None:
    """Wait until everybody who shares these addresses has committed."""
    _take("pg_advisory_xact_lock", digests)


def _take(function: str, digests: Iterable[str]) -> None:
    buckets = sorted({int(digest[:2], 16) for digest in digests if digest})
    if buckets:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count({function}(%s, bucket)::text) FROM unnest(%s::int[]) AS bucket", [CLASS, buckets]
            )
