"""Points expire: one statement per chunk of accounts; safe to run again, twice at once, or after a crash."""

from datetime import datetime

from django.db import connection, transaction

from crm.kernel.background import events
from loyalty.points import program_settings
from loyalty.points.events import PointsExpired
from loyalty.points.queries import EXPIRE_POINTS_SQL

ACCOUNTS_PER_CHUNK = 50_000


def expire_points(at: datetime, *, limit: int = ACCOUNTS_PER_CHUNK) -> int:
    """Take away all points whose last day is over at `at`, with an entry per lot; returns the points.

    Running it again takes nothing. While points are off none expire: their members are not warned either.
    """
    if not program_settings.loyalty_settings().points_on:
        return 0
    total = 0
    while True:
        accounts, points = _expire_chunk(at, limit)
        total += points
        if accounts < limit:
            return total


@transaction.atomic
def _expire_chunk(at: datetime, limit: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE_POINTS_SQL, {"at": at, "limit": limit})
        due, points, customer_ids = cursor.fetchone()
    events.announce_event(PointsExpired(ids=customer_ids, at=at))
    return due, points
