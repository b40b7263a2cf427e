"""SQL in the path of every order: ready statements by key, for one customer as for thousands."""

from customers.orders.relations import ORDER_WORTHS, PURCHASES

# Net spend of the window in the base currency, and when its oldest order was placed.
SPEND_SQL = f"""
SELECT customer_id, sum(net_goods), min(placed_at)
FROM {PURCHASES} purchase
WHERE customer_id = ANY(%(ids)s) AND placed_at >= %(start)s AND placed_at <= %(at)s
GROUP BY customer_id
"""
# Orders placed at the same instant count together.
SPEND_BY_ORDER_SQL = f"""
SELECT id, amount FROM (
  SELECT id, coalesce(sum(net_goods) FILTER (WHERE placed_at >= %(start)s) OVER placed, 0) AS amount
  FROM {ORDER_WORTHS} worth WHERE customer_id IN (SELECT customer_id FROM {ORDER_WORTHS} own WHERE id = ANY(%(ids)s))
  WINDOW placed AS (PARTITION BY customer_id ORDER BY placed_at)
) o WHERE id = ANY(%(ids)s)
"""
MULTIPLIERS_SQL = """
SELECT g.customer_id, t.multiplier FROM loyalty_tiergrant g JOIN loyalty_tier t ON t.id = g.tier_id
WHERE g.customer_id = ANY(%s) AND g.ended_at IS NULL AND t.multiplier <> 1
"""
# The tier held when an order was placed; before the first that is on record, that one.
MULTIPLIERS_WHEN_PLACED_SQL = """
SELECT o.id, t.multiplier
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS o(id, customer_id, placed_at)
CROSS JOIN LATERAL (
  SELECT g.tier_id FROM loyalty_tiergrant g WHERE g.customer_id = o.customer_id
  ORDER BY g.granted_at > o.placed_at,
           CASE WHEN g.granted_at <= o.placed_at THEN g.granted_at END DESC, g.granted_at,
           CASE WHEN g.granted_at <= o.placed_at THEN -g.id ELSE g.id END
  LIMIT 1
) held
JOIN loyalty_tier t ON t.id = held.tier_id
WHERE t.multiplier <> 1
"""
# Customers who have reached a tier above the one that they hold; newcomers hold none. One statement over orders and
# tiers, so that an import of many orders brings back only the few customers who rise.
CUSTOMERS_TO_RAISE_SQL = f"""
WITH spent AS (
  SELECT candidate.customer_id, coalesce(sum(o.net_goods), 0) AS amount
  FROM unnest(%(ids)s::bigint[], %(until)s::timestamptz[]) AS candidate(customer_id, until)
  LEFT JOIN {PURCHASES} o ON o.customer_id = candidate.customer_id
       AND o.placed_at >= %(start)s AND o.placed_at <= candidate.until
  GROUP BY candidate.customer_id
)
SELECT s.customer_id, s.amount, coalesce(held.rank, -1)
FROM spent s
LEFT JOIN loyalty_tiergrant g ON g.customer_id = s.customer_id AND g.ended_at IS NULL
LEFT JOIN loyalty_tier held ON held.id = g.tier_id
WHERE EXISTS (SELECT FROM loyalty_tier t WHERE t.enter_at <= s.amount AND t.rank > coalesce(held.rank, -1))
ORDER BY s.customer_id
"""

# For load_instances: a query set needs half a millisecond to write itself down.
TIERS_BY_RANK_SQL = "ORDER BY rank"
CURRENT_GRANTS_SQL = "WHERE t.customer_id = ANY(%s) AND t.ended_at IS NULL"
