"""The SQL of scoring: who is late is found in one look at the summaries, and written in one statement for everybody."""

from customers.orders.relations import PURCHASE_SUMMARIES, PURCHASES
from customers.profiles.relations import CURRENT_CUSTOMERS

# Still active by the company's definition, but quiet for at least twice their usual gap: their own, else the company's.
LATE_CUSTOMERS_SQL = f"""
SELECT s.customer_id, extract(epoch FROM %(at)s - s.last_order_at) / 86400 AS quiet, s.last_order_at,
       coalesce(s.gap_days, %(common_gap)s::numeric), s.gap_days IS NOT NULL, s.purchase_days,
       extract(epoch FROM s.last_order_at - s.first_order_at) / 86400 AS span, s.net_spend
FROM {PURCHASE_SUMMARIES} s JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
WHERE s.last_order_at >= %(since)s AND s.last_order_at < %(at)s
  AND extract(epoch FROM %(at)s - s.last_order_at) / 86400
      >= %(times)s * greatest(coalesce(s.gap_days, %(common_gap)s::numeric), %(shortest)s)
  AND (s.gap_days IS NOT NULL OR %(common_gap)s::numeric IS NOT NULL) {{only}}
"""

# A customer's days run from the first purchase until they count as lost, or until now.
COMMON_RHYTHM_SQL = f"""
SELECT count(s.gap_days), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.gap_days)::numeric, 2),
       round((sum(extract(epoch FROM least(%(at)s, s.last_order_at + make_interval(days => %(active_days)s)) - s.first_order_at)) / 86400
              / nullif(sum(s.purchase_days - 1), 0))::numeric, 2),
       round((sum(s.net_spend) / nullif(sum(s.purchase_days), 0))::numeric, 4)
FROM {PURCHASE_SUMMARIES} s JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
WHERE s.purchase_days > 0 AND s.last_order_at < %(at)s
"""

# Everybody active at an instant in the past, by what was known then, and whether they bought in the days after.
HELD_BACK_SQL = f"""
SELECT extract(epoch FROM %(at)s - known.last_at) / 86400 AS quiet,
       CASE WHEN known.days >= %(least_days)s THEN (known.last_day - known.first_day)::numeric / (known.days - 1) END,
       later.customer_id IS NULL AS has_left
FROM (SELECT customer_id, max(placed_at) AS last_at, count(DISTINCT day) AS days, min(day) AS first_day,
             max(day) AS last_day
      FROM (SELECT customer_id, placed_at, (placed_at AT TIME ZONE %(zone)s)::date AS day
            FROM {PURCHASES} purchase WHERE placed_at < %(at)s) before
      GROUP BY customer_id) known
LEFT JOIN (SELECT DISTINCT customer_id FROM {PURCHASES} purchase
           WHERE placed_at >= %(at)s AND placed_at < %(until)s) later USING (customer_id)
WHERE known.last_at >= %(since)s
"""

# One scoring at a time.
SCORING_LOCK_SQL = "SELECT pg_advisory_xact_lock(5, 0)"
UPSERT_SCORES_SQL = """
INSERT INTO retention_riskscore
       (customer_id, level, score, ratio, last_order_at, gap_days, is_own_gap, value, scored_at)
SELECT t.*, %(at)s
FROM unnest(%(ids)s::bigint[], %(levels)s::text[], %(scores)s::smallint[], %(ratios)s::numeric[],
            %(last)s::timestamptz[], %(gaps)s::numeric[], %(own)s::boolean[], %(values)s::numeric[]) AS t
ON CONFLICT (customer_id) DO UPDATE
SET level = excluded.level, score = excluded.score, ratio = excluded.ratio, last_order_at = excluded.last_order_at,
    gap_days = excluded.gap_days, is_own_gap = excluded.is_own_gap, value = excluded.value, scored_at = excluded.scored_at
"""
DELETE_SCORES_SQL = (
    "DELETE FROM retention_riskscore WHERE NOT customer_id = ANY(%(late)s::bigint[]) {only} RETURNING customer_id"
)
