"""The ledger's SQL: what orders, tills and the night run all the time, or over every row.

Statements by key run on prepared plans (`crm.kernel.db.prepared_statements`). Lists of keys stand in every part of such a
statement as parameters, so that each table is looked up by its key, however much it holds.
"""

from customers.orders.relations import PRODUCT_LINES, PURCHASE_SUMMARIES

# Opening an account takes the date of the first order from customers' summary in the same statement.
OPEN_ACCOUNTS_SQL = f"""
INSERT INTO loyalty_pointsaccount (customer_id, posted, debt, opened_at)
SELECT customer_id, 0, 0, coalesce(least(s.first_order_at, %(at)s), %(at)s)
FROM unnest(%(ids)s::bigint[]) AS t(customer_id)
LEFT JOIN (SELECT customer_id, first_order_at FROM {PURCHASE_SUMMARIES} summary WHERE customer_id = ANY(%(ids)s)) s USING (customer_id)
WHERE NOT EXISTS (SELECT 1 FROM loyalty_pointsaccount a WHERE a.customer_id = t.customer_id AND a.customer_id = ANY(%(ids)s))
ORDER BY customer_id ON CONFLICT (customer_id) DO NOTHING
"""

# Accounts opened here are locked by being new. What another transaction opened at the same moment stands in neither part.
LOCK_ACCOUNTS_SQL = f"""
WITH opened AS ({OPEN_ACCOUNTS_SQL} RETURNING id, customer_id, posted, debt, opened_at),
known AS (
  SELECT id, customer_id, posted, debt, opened_at FROM loyalty_pointsaccount WHERE customer_id = ANY(%(ids)s)
  ORDER BY id FOR NO KEY UPDATE)
SELECT * FROM opened UNION ALL SELECT * FROM known
"""

REMAINING_LOTS_SQL = """
SELECT account_id, id, remaining, earned_at, available_at, expires_at FROM loyalty_pointslot
WHERE account_id = ANY(%s) AND remaining > 0
"""

# Posting: the columns of an entry as they travel, and the part that writes entries, their lots and the balance.
POSTING_COLUMNS = (
    "kind text, points bigint, debt bigint, at timestamptz, source_system text, source_id text, rule_code text, rule_id bigint,"
    " order_id bigint, order_ref text, original_id bigint, reverses_id bigint, actor_id bigint, reason text, data jsonb"
)
WRITE_ENTRIES_SQL = """
entry AS (
  INSERT INTO loyalty_ledgerentry
    (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id, order_id, order_ref,
     original_id, reverses_id, actor_id, reason, data)
  SELECT account_id, kind, points, at, %(now)s, source_system, source_id, rule_code, rule_id, order_id, order_ref,
         original_id, reverses_id, actor_id, reason, data
  FROM wanted ORDER BY n
  ON CONFLICT (source_system, source_id, rule_code, kind) DO NOTHING
  RETURNING id, source_system, source_id, rule_code, kind
), written AS (
  SELECT entry.id, wanted.n, wanted.account_id, wanted.points, wanted.debt
  FROM entry JOIN wanted USING (source_system, source_id, rule_code, kind)
), lot AS (
  INSERT INTO loyalty_pointslot
    (account_id, entry_id, points, remaining, earned_at, available_at, expires_at, rule_id, restores_id)
  SELECT w.account_id, w.id, l.points, l.points, l.earned_at, l.available_at, l.expires_at, l.rule_id, l.restores_id
  FROM jsonb_to_recordset(%(lots)s::jsonb)
       AS l(n int, points bigint, earned_at timestamptz, available_at timestamptz, expires_at timestamptz, rule_id bigint,
            restores_id bigint)
  JOIN written w ON w.n = l.n
  ORDER BY l.n
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted + sums.points, debt = a.debt + sums.debt
  FROM (SELECT account_id, sum(points)::bigint AS points, sum(debt)::bigint AS debt FROM written GROUP BY account_id) sums
  WHERE a.id = sums.account_id AND a.id = ANY(ARRAY(SELECT account_id FROM wanted))
)
"""
# Entries with lots and allocations in one statement; the caller holds the locks of the accounts.
POST_ENTRIES_SQL = f"""
WITH wanted AS (SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS t(n int, account_id bigint, {POSTING_COLUMNS})),
{WRITE_ENTRIES_SQL},
allocated AS (
  SELECT w.id AS entry_id, m.lot_id, m.points
  FROM jsonb_to_recordset(%(allocations)s::jsonb) AS m(n int, lot_id bigint, points bigint) JOIN written w ON w.n = m.n
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT entry_id, lot_id, points FROM allocated
), refilled AS (
  UPDATE loyalty_pointslot l SET remaining = l.remaining + sums.points
  FROM (SELECT lot_id, sum(points)::bigint AS points FROM allocated WHERE lot_id IS NOT NULL GROUP BY lot_id) sums
  WHERE l.id = sums.lot_id AND l.id = ANY(ARRAY(SELECT lot_id FROM allocated))
)
SELECT n, id FROM written ORDER BY n
"""
# The same for credits, which lock the accounts themselves: all locks are taken, in the order of the accounts, before the
# sort of `entry` lets the first row through.
POST_CREDITS_SQL = f"""
WITH credit AS (SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS t(n int, customer_id bigint, {POSTING_COLUMNS})),
locked AS MATERIALIZED (
  SELECT id AS account_id, customer_id, debt AS owed FROM loyalty_pointsaccount
  WHERE customer_id = ANY(ARRAY(SELECT customer_id FROM credit)) ORDER BY id FOR NO KEY UPDATE
), wanted AS MATERIALIZED (SELECT * FROM credit JOIN locked USING (customer_id)),
{WRITE_ENTRIES_SQL}
SELECT wanted.n, written.id, wanted.account_id, wanted.owed FROM wanted LEFT JOIN written USING (n)
"""

# In the path of every order.
EXCLUDABLE_LINES_SQL = f"""
SELECT order_id, category, is_gift_card, sum(total), sum(tax)
FROM {PRODUCT_LINES} line
WHERE order_id = ANY(%s) AND (is_gift_card OR category = ANY(%s))
GROUP BY order_id, category, is_gift_card
"""

# For load_instances: a ready statement instead of a query set, in the path of every payment and order.
SAME_KEY_SQL = "WHERE source_system = %s AND source_id = %s AND rule_code = %s AND kind = %s"
SPENDS_BY_SOURCE_SQL = (
    "WHERE t.source_system = ANY(%s) AND t.source_id = ANY(%s) AND t.rule_code = '' AND t.kind = 'spend' ORDER BY t.id"
)
ORDER_EARNINGS_SQL = "WHERE t.order_id = ANY(%s) AND t.kind IN ('earn', 'reverse') ORDER BY t.id"
ORDER_SPENDS_SQL = "WHERE t.order_ref = ANY(%s) AND t.order_ref <> '' AND t.kind = 'spend' ORDER BY t.id"
DEFAULT_RULE_SQL = "WHERE kind = %s AND ended_at IS NULL ORDER BY code LIMIT 1"

# Order and customer of every account that orders earned points on.
EARNING_CUSTOMERS_SQL = """
SELECT DISTINCT e.order_id, a.customer_id FROM loyalty_ledgerentry e JOIN loyalty_pointsaccount a ON a.id = e.account_id
WHERE e.order_id = ANY(%s) AND e.kind IN ('earn', 'reverse')
"""

# Accounts first, then their lots: a redemption that waits for the account sees the lots empty, and one that came
# before has its part taken into account, for the UPDATE reads the newest version of each row that it had to wait for.
EXPIRE_POINTS_SQL = """
WITH due AS (
  SELECT DISTINCT account_id FROM loyalty_pointslot WHERE remaining > 0 AND expires_at <= %(at)s ORDER BY account_id LIMIT %(limit)s
), locked AS MATERIALIZED (
  SELECT a.id, a.customer_id FROM loyalty_pointsaccount a WHERE a.id IN (SELECT account_id FROM due) ORDER BY a.id FOR NO KEY UPDATE
), gone AS (
  UPDATE loyalty_pointslot lot SET remaining = 0 FROM locked
  WHERE lot.account_id = locked.id AND lot.remaining > 0 AND lot.expires_at <= %(at)s
  RETURNING lot.id, lot.account_id, old.remaining AS points, lot.expires_at, lot.rule_id
), entry AS (
  INSERT INTO loyalty_ledgerentry
    (account_id, kind, points, at, created_at, source_system, source_id, rule_code, rule_id, order_ref, reason, data)
  SELECT account_id, 'expire', -points, expires_at, %(at)s, 'expiry', id::text, '', rule_id, '', '', '{}' FROM gone
  ORDER BY account_id, id
  RETURNING id, source_id::bigint AS lot_id, points
), allocation AS (
  INSERT INTO loyalty_allocation (entry_id, lot_id, points) SELECT id, lot_id, points FROM entry
), balance AS (
  UPDATE loyalty_pointsaccount a SET posted = a.posted - sums.points
  FROM (SELECT account_id, sum(points)::bigint AS points FROM gone GROUP BY account_id) sums WHERE a.id = sums.account_id
)
SELECT (SELECT count(*) FROM due), coalesce(sum(points), 0)::bigint,
       (SELECT coalesce(array_agg(l.customer_id ORDER BY l.customer_id), '{}') FROM locked l WHERE l.id IN (SELECT account_id FROM gone))
FROM gone
"""

# One statement, so that everything is seen at one instant while the shop goes on.
# account: Σ entries = Σ lots' remaining − debt = posted.
# lot: what remains is what it began with and every allocation since; never below zero, never above its points.
# entry: its points are the lots that it made and its allocations.  debt: what was booked on no lot.
VERIFY_LEDGER_SQL = """
WITH entries AS (
  SELECT account_id, sum(points) AS points FROM loyalty_ledgerentry GROUP BY account_id
), lots AS (
  SELECT account_id, sum(remaining) AS remaining FROM loyalty_pointslot GROUP BY account_id
), of_lot AS (
  SELECT lot_id, sum(points) AS points FROM loyalty_allocation WHERE lot_id IS NOT NULL GROUP BY lot_id
), of_entry AS (
  SELECT entry_id, sum(points) AS points FROM loyalty_allocation GROUP BY entry_id
), made AS (
  SELECT entry_id, sum(points) AS points FROM loyalty_pointslot GROUP BY entry_id
), booked AS (
  SELECT e.account_id, -sum(m.points) AS debt
  FROM loyalty_allocation m JOIN loyalty_ledgerentry e ON e.id = m.entry_id WHERE m.lot_id IS NULL GROUP BY e.account_id
), difference(found) AS (
  SELECT jsonb_build_object('kind', 'account', 'account', a.id, 'posted', a.posted, 'debt', a.debt,
                            'entries', coalesce(e.points, 0), 'lots', coalesce(l.remaining, 0))
  FROM loyalty_pointsaccount a LEFT JOIN entries e ON e.account_id = a.id LEFT JOIN lots l ON l.account_id = a.id
  WHERE a.posted <> coalesce(e.points, 0) OR a.posted <> coalesce(l.remaining, 0) - a.debt
  UNION ALL
  SELECT jsonb_build_object('kind', 'lot', 'account', l.account_id, 'lot', l.id, 'points', l.points, 'remaining', l.remaining,
                            'expected', l.points + coalesce(m.points, 0))
  FROM loyalty_pointslot l LEFT JOIN of_lot m ON m.lot_id = l.id
  WHERE l.remaining <> l.points + coalesce(m.points, 0) OR l.remaining NOT BETWEEN 0 AND l.points
  UNION ALL
  SELECT jsonb_build_object('kind', 'entry', 'account', e.account_id, 'entry', e.id, 'points', e.points,
                            'expected', coalesce(l.points, 0) + coalesce(m.points, 0))
  FROM loyalty_ledgerentry e LEFT JOIN made l ON l.entry_id = e.id LEFT JOIN of_entry m ON m.entry_id = e.id
  WHERE e.points <> coalesce(l.points, 0) + coalesce(m.points, 0)
  UNION ALL
  SELECT jsonb_build_object('kind', 'debt', 'account', a.id, 'debt', a.debt, 'expected', coalesce(b.debt, 0))
  FROM loyalty_pointsaccount a LEFT JOIN booked b ON b.account_id = a.id WHERE a.debt <> coalesce(b.debt, 0)
)
SELECT (SELECT count(*) FROM loyalty_pointsaccount), (SELECT coalesce(sum(posted), 0)::bigint FROM loyalty_pointsaccount),
       (SELECT coalesce(jsonb_agg(found ORDER BY found), '[]') FROM difference)::text
"""

BALANCES_SQL = """
SELECT a.customer_id, a.posted, a.debt,
       coalesce(sum(l.remaining) FILTER (WHERE l.available_at <= %(at)s), 0)::bigint - a.debt AS available,
       coalesce(sum(l.remaining) FILTER (WHERE l.available_at > %(at)s), 0)::bigint AS pending,
       coalesce(sum(l.remaining) FILTER (WHERE l.expires_at = l.first_end), 0)::bigint AS next_points,
       min(l.first_end) AS next_end
FROM loyalty_pointsaccount a
LEFT JOIN LATERAL (
  SELECT remaining, available_at, expires_at, min(expires_at) OVER () AS first_end
  FROM loyalty_pointslot WHERE account_id = a.id AND remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)
) l ON true
WHERE a.customer_id = ANY(%(ids)s)
GROUP BY a.id
"""
EXPIRING_SQL = """
SELECT a.customer_id, sum(l.remaining)::bigint, l.expires_at
FROM loyalty_pointslot l JOIN loyalty_pointsaccount a ON a.id = l.account_id
WHERE l.remaining > 0 AND l.expires_at > %(at)s AND l.expires_at <= %(until)s
  AND (%(ids)s::bigint[] IS NULL OR a.customer_id = ANY(%(ids)s))
GROUP BY a.customer_id, l.expires_at
ORDER BY l.expires_at, a.customer_id
"""
OUTSTANDING_BY_MONTH_SQL = """
SELECT date_trunc('month', (expires_at AT TIME ZONE %(zone)s) - interval '1 microsecond')::date AS month, sum(remaining)::bigint
FROM loyalty_pointslot WHERE remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)
GROUP BY 1 ORDER BY 1 NULLS LAST
"""
# Points that end at midnight were there to the end of the day before, and count in its month.
OUTFLOW_BY_MONTH_SQL = """
SELECT date_trunc('month', (at - CASE kind WHEN 'expire' THEN interval '1 microsecond' ELSE '0' END)
                           AT TIME ZONE %(zone)s)::date AS month,
       -coalesce(sum(points) FILTER (WHERE kind <> 'expire'), 0)::bigint,
       -coalesce(sum(points) FILTER (WHERE kind = 'expire'), 0)::bigint
FROM loyalty_ledgerentry WHERE at >= %(since)s AND kind IN ('spend', 'return', 'expire') GROUP BY 1
"""
TOTALS_SQL = """
SELECT (SELECT count(*) FROM loyalty_pointsaccount), (SELECT coalesce(sum(debt), 0)::bigint FROM loyalty_pointsaccount),
       coalesce(sum(remaining), 0)::bigint, coalesce(sum(remaining) FILTER (WHERE available_at > %(at)s), 0)::bigint
FROM loyalty_pointslot WHERE remaining > 0 AND (expires_at IS NULL OR expires_at > %(at)s)
"""
