"""How many were at risk on each of the days before: what the nights would have written down, had there been any."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.kernel import company
from customers.orders.relations import PURCHASES
from customers.orders.rules import RHYTHM_DAYS
from retention.risk import common_rhythm, rules

BACKFILL_DAYS = 400
# With each day of purchase a rhythm begins to hold: their own from the third on, before that the company's of today. Who
# is quiet for twice of it is at risk from then on, until the next order, or until they count as gone.
BACKFILL_SQL = f"""
WITH days AS (
    SELECT customer_id, (placed_at AT TIME ZONE %(zone)s)::date AS day, min(placed_at) AS began_at,
           max(placed_at) AS placed_at, sum(net_goods) AS spend
    FROM {PURCHASES} purchase GROUP BY 1, 2
), rhythm AS (
    SELECT placed_at, day, row_number() OVER so_far AS n, min(day) OVER so_far AS first_day,
           extract(epoch FROM placed_at - min(began_at) OVER so_far) / 86400 AS span, sum(spend) OVER so_far AS spend,
           lead(began_at) OVER (PARTITION BY customer_id ORDER BY day) AS next_at
    FROM days WINDOW so_far AS (PARTITION BY customer_id ORDER BY day)
), gaps AS (
    SELECT *, CASE WHEN n >= %(least_days)s THEN round((day - first_day)::numeric / (n - 1), 2)
                   ELSE %(gap)s::numeric END AS gap
    FROM rhythm WHERE n >= %(least_days)s OR %(gap)s::numeric IS NOT NULL
), late AS (
    SELECT round(greatest(0, (spend + %(weight)s * %(spend)s) / (n + %(weight)s) * 365
                             / greatest((span + %(weight)s * %(pace)s) / (n - 1 + %(weight)s), %(shortest)s)), 4) AS value,
           placed_at + make_interval(secs => (%(times)s * greatest(gap, %(shortest)s) * 86400)::float) AS since,
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
    common = common_rhythm.get_common_rhythm()
    params: dict[str, Any] = {
        "first": now - timedelta(days=BACKFILL_DAYS),
        "days": BACKFILL_DAYS,
        "zone": settings.time_zone,
        "active": settings.active_days,
        "least_days": RHYTHM_DAYS,
        "times": rules.AT_RISK,
        "shortest": rules.SHORTEST_GAP_DAYS,
        "weight": rules.COMPANY_WEIGHT if common else 0,
        "gap": common.gap_days if common else None,
        "pace": common.pace_days if common else 0,
        "spend": common.day_spend if common else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(BACKFILL_SQL, params)
