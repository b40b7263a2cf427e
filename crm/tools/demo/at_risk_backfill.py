"""How many were at risk on each of the days before: what the nights would have written down, had there been any."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.kernel import company
from customers.orders.relations import PURCHASES
from retention.risk.rules import AT_RISK, SHORTEST_GAP_DAYS

BACKFILL_DAYS = 400
# With each order a rhythm begins to hold: the mean gap so far. Who is quiet for twice of it is at risk from then on, until
# the next order, or until he counts as gone.
BACKFILL_SQL = f"""
WITH rhythm AS (
    SELECT placed_at, row_number() OVER so_far AS n, min(placed_at) OVER so_far AS first_at,
           avg(net_goods) OVER so_far AS mean,
           lead(placed_at) OVER (PARTITION BY customer_id ORDER BY placed_at, id) AS next_at
    FROM {PURCHASES} purchase
    WINDOW so_far AS (PARTITION BY customer_id ORDER BY placed_at, id)
), gaps AS (
    SELECT *, greatest(extract(epoch FROM placed_at - first_at) / 86400 / (n - 1), %(shortest)s) AS gap
    FROM rhythm WHERE n > 1
), late AS (
    SELECT mean * 365 / gap AS value, placed_at + make_interval(secs => (%(times)s * gap * 86400)::float) AS since,
           least(next_at, placed_at + make_interval(days => %(active)s)) AS until
    FROM gaps
), steps AS (
    SELECT since AS at, 1 AS people, value FROM late WHERE since < until
    UNION ALL SELECT until, -1, -value FROM late WHERE since < until
), nightly AS (
    SELECT greatest(0, ceil(extract(epoch FROM at - %(first)s) / 86400))::int AS k, sum(people) AS people, sum(value) AS value
    FROM steps GROUP BY 1
)
INSERT INTO retention_atriskday (day, customers, value, counted_at)
SELECT (night AT TIME ZONE %(zone)s)::date, people, value, night
FROM (SELECT %(first)s + make_interval(days => k) AS night, coalesce(sum(people) OVER until_then, 0) AS people,
             coalesce(round(sum(value) OVER until_then, 4), 0) AS value
      FROM generate_series(0, %(days)s - 1) AS k LEFT JOIN nightly USING (k)
      WINDOW until_then AS (ORDER BY k)) AS nights
ON CONFLICT (day) DO NOTHING
"""


def backfill_at_risk_days(now: datetime) -> None:
    """Write down every night of more than a year, in one statement."""
    settings = company.get_company()
    given: dict[str, Any] = {
        "first": now - timedelta(days=BACKFILL_DAYS),
        "days": BACKFILL_DAYS,
        "zone": settings.time_zone,
    }
    given |= {"active": settings.active_days, "times": AT_RISK, "shortest": SHORTEST_GAP_DAYS}
    with connection.cursor() as cursor:
        cursor.execute(BACKFILL_SQL, given)
