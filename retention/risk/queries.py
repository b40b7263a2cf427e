"""The SQL of scoring: who is late is found in one look at the summaries, and written in one statement for everybody."""

from customers.orders.relations import PURCHASE_SUMMARIES
from customers.profiles.relations import CURRENT_CUSTOMERS

# Still active by the company's definition, but quiet for at least twice their own usual gap; at least two orders are
# needed: without a gap of his own nobody is late.
LATE_CUSTOMERS_SQL = f"""
SELECT s.customer_id, extract(epoch FROM %(at)s - s.last_order_at) / 86400 AS quiet, s.last_order_at, s.gap_days,
       s.average_order
FROM {PURCHASE_SUMMARIES} s JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
WHERE s.orders >= 2 AND s.last_order_at >= %(since)s AND s.last_order_at < %(at)s
  AND extract(epoch FROM %(at)s - s.last_order_at) / 86400 >= %(times)s * greatest(s.gap_days, %(shortest)s) {{only}}
"""

# One scoring at a time.
SCORING_LOCK_SQL = "SELECT pg_advisory_xact_lock(5, 0)"
UPSERT_SCORES_SQL = """
INSERT INTO retention_riskscore (customer_id, level, score, ratio, last_order_at, gap_days, value, scored_at)
SELECT t.*, %(at)s
FROM unnest(%(ids)s::bigint[], %(levels)s::text[], %(scores)s::smallint[], %(ratios)s::numeric[],
            %(last)s::timestamptz[], %(gaps)s::numeric[], %(values)s::numeric[]) AS t
ON CONFLICT (customer_id) DO UPDATE
SET level = excluded.level, score = excluded.score, ratio = excluded.ratio, last_order_at = excluded.last_order_at,
    gap_days = excluded.gap_days, value = excluded.value, scored_at = excluded.scored_at
"""
DELETE_SCORES_SQL = (
    "DELETE FROM retention_riskscore WHERE NOT customer_id = ANY(%(late)s::bigint[]) {only} RETURNING customer_id"
)
