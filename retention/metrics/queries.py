"""The SQL that counts purchases: one statement a figure, over the raw rows of its window.

Through the ORM the same figures take a statement for each part, and carry customers' ids through Python in between.
"""

from customers.orders.relations import PURCHASE_REFUNDS, PURCHASE_SUMMARIES, PURCHASES

# The first purchase ever stands in the summary.
WINDOW_FIGURES_SQL = f"""
WITH bought AS (
  SELECT o.customer_id,
         bool_or(o.placed_at >= %(s0)s AND o.placed_at < %(s)s) AS at_start,
         bool_or(o.placed_at >= %(e0)s) AS at_end,
         count(*) FILTER (WHERE o.placed_at >= %(s)s) AS orders,
         coalesce(sum(o.goods) FILTER (WHERE o.placed_at >= %(s)s), 0) AS revenue
  FROM {PURCHASES} o
  WHERE o.placed_at >= least(%(s0)s, %(e0)s) AND o.placed_at < %(e)s {{restriction}}
  GROUP BY o.customer_id)
SELECT count(*) FILTER (WHERE at_start),
       count(*) FILTER (WHERE at_start AND at_end),
       count(*) FILTER (WHERE at_end AND NOT at_start AND s.first_order_at >= %(s)s),
       count(*) FILTER (WHERE at_end AND NOT at_start AND s.first_order_at < %(s)s),
       count(*) FILTER (WHERE bought.orders > 0),
       count(*) FILTER (WHERE bought.orders > 1),
       coalesce(sum(bought.orders), 0)::bigint,
       coalesce(sum(bought.revenue), 0),
       (SELECT coalesce(sum(o.amount), 0) FROM {PURCHASE_REFUNDS} o
        WHERE o.refunded_at >= %(s)s AND o.refunded_at < %(e)s {{restriction}})
FROM bought JOIN {PURCHASE_SUMMARIES} s USING (customer_id)
"""

# What stands in the summary is of now: what came after the instant is taken off it, orders and refunds, so that only
# the rows since then are read, and none for a window that ends today.
LIFETIME_VALUE_SQL = f"""
WITH active AS (
  SELECT DISTINCT customer_id FROM {PURCHASES} o WHERE o.placed_at >= %(e0)s AND o.placed_at < %(e)s),
bought_since AS (
  SELECT customer_id, sum(goods) AS amount FROM {PURCHASES} o WHERE o.placed_at >= %(e)s GROUP BY customer_id),
refunded_since AS (
  SELECT customer_id, sum(amount) AS amount FROM {PURCHASE_REFUNDS} o WHERE o.refunded_at >= %(e)s GROUP BY customer_id)
SELECT avg(s.net_spend - coalesce(bought_since.amount, 0) + coalesce(refunded_since.amount, 0)), count(*)
FROM active JOIN {PURCHASE_SUMMARIES} s USING (customer_id)
LEFT JOIN bought_since USING (customer_id)
LEFT JOIN refunded_since USING (customer_id)
"""

# An order makes its customer active on the month firsts after its day, up to `days` days later (both local days).
TREND_SQL = f"""
WITH bought AS (
  SELECT customer_id, (placed_at AT TIME ZONE %(zone)s)::date AS day FROM {PURCHASES} purchase
  WHERE placed_at >= %(since)s AND placed_at < %(until)s),
reach AS (
  SELECT customer_id,
         greatest((extract(year FROM day) * 12 + extract(month FROM day))::int - %(base)s + 1, 0) AS lo,
         least((extract(year FROM day + %(days)s) * 12 + extract(month FROM day + %(days)s))::int - %(base)s,
               %(last)s) AS hi
  FROM bought),
people AS (
  SELECT bit_or((1::bigint << (hi + 1)) - (1::bigint << lo)) AS mask FROM reach WHERE hi >= lo GROUP BY customer_id)
SELECT w.place, count(*) FILTER (WHERE (mask >> w.s) & 1 = 1),
       count(*) FILTER (WHERE (mask >> w.s) & (mask >> w.e) & 1 = 1),
       count(*) FILTER (WHERE (mask >> w.e) & 1 = 1)
FROM people CROSS JOIN unnest(%(starts)s::int[], %(ends)s::int[]) WITH ORDINALITY w(s, e, place)
GROUP BY w.place ORDER BY w.place
"""

COHORT_TABLE_SQL = f"""
SELECT f.month, months, count(DISTINCT o.customer_id)
FROM (SELECT customer_id, date_trunc('month', first_order_at AT TIME ZONE %(zone)s)::date AS month
      FROM {PURCHASE_SUMMARIES} summary
      WHERE first_order_at >= %(since)s AND first_order_at < %(until)s) f
JOIN {PURCHASES} o ON o.customer_id = f.customer_id AND o.placed_at < %(until)s
CROSS JOIN LATERAL (SELECT (extract(year FROM age) * 12 + extract(month FROM age))::int AS months
                    FROM (SELECT age(date_trunc('month', o.placed_at AT TIME ZONE %(zone)s), f.month) AS age) a) k
GROUP BY f.month, months ORDER BY f.month, months
"""

READ_CELLS_SQL = """
SELECT key, figures::text, reaches_to, event_mark, events_below, computed_at FROM retention_metriccell WHERE key = ANY(%s)
"""
