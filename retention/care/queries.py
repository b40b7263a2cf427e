"""The SQL of care: sets that would take a statement a row through the ORM."""

from customers.messaging.models import OutboundMessage
from customers.orders.relations import PURCHASES

# Who has no zone, or one that no computer knows, lives in the company's, which stands first and under ''.
ZONE_JOIN_SQL = """
JOIN unnest(%(zones)s::text[], %(names)s::text[], %(groups)s::int[], %(opened)s::date[], %(unclosed)s::date[], %(unended)s::date[])
     AS z(zone, name, "group", opened, unclosed, unended)
  ON z.zone = CASE WHEN c.time_zone = ANY(%(zones)s::text[]) THEN c.time_zone ELSE '' END
"""
# Who is due; the parts are a trigger's (triggers.base.DueQuery), the customers `c` are those of today.
DUE_CANDIDATES_SQL = """
SELECT c.id, {key}, {day}, {late}
FROM {source}
WHERE {condition}
  AND NOT EXISTS (SELECT FROM retention_enrollment e
                  WHERE e.program_id = %(program)s AND e.customer_id = c.id AND {entered})
ORDER BY c.id, {day}
"""

# The unique key decides between planners that run at once.
ENROLL_SQL = """
WITH entered AS (
INSERT INTO retention_enrollment (public_id, program_id, version_id, run_id, customer_id, occasion_key, occasion_on, arm, state,
                                  reason, position, due_at, entered_at, finished_at, attempts)
SELECT crm_public_id('ce'), %(program)s, %(version)s, %(run)s, t.customer, t.key, t.day, t.arm, t.state,
       t.reason, 1, CASE WHEN t.state = 'waiting' THEN %(now)s::timestamptz END, %(now)s,
       CASE WHEN t.state <> 'waiting' THEN %(now)s::timestamptz END, 0
FROM unnest(%(customers)s::bigint[], %(keys)s::text[], %(days)s::date[], %(arms)s::text[], %(states)s::text[], %(reasons)s::text[])
     AS t(customer, key, day, arm, state, reason)
ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING
RETURNING state, arm, reason
) SELECT state, arm, reason, count(*) FROM entered GROUP BY state, arm, reason
"""

# Where the steps have left the rows of a chunk: one statement for all of them.
SAVE_POSITIONS_SQL = """
UPDATE retention_enrollment e
SET position = t.position, state = t.state, reason = t.reason, message_id = t.message, due_at = NULL,
    finished_at = CASE WHEN t.state <> 'in_progress' THEN %(now)s::timestamptz END
FROM unnest(%(ids)s::bigint[], %(positions)s::smallint[], %(states)s::text[], %(reasons)s::text[], %(messages)s::bigint[])
     AS t(id, position, state, reason, message)
WHERE e.id = t.id
"""
CLOSE_ENDED_SQL = f"""
UPDATE retention_enrollment e SET finished_at = coalesce(m.accepted_at, %(now)s),
  reason = CASE WHEN m.state IN ('dropped', 'failed') THEN m.reason ELSE e.reason END,
  state = CASE WHEN m.state = 'accepted' THEN 'done' WHEN m.state = 'failed' THEN 'failed' WHEN m.reason = 'recalled' THEN 'exited'
               WHEN m.reason = 'late' THEN 'skipped_late' ELSE 'suppressed' END
FROM {OutboundMessage._meta.db_table} m
WHERE m.id = e.message_id AND e.state = 'in_progress' AND m.state IN ('accepted', 'failed', 'dropped')
"""

# The first order that still counts, in [entered, entered + window); a cancelled one unmakes its goal.
MEASURE_GOALS_SQL = f"""
UPDATE retention_enrollment e SET goal_reached_at = measured.placed_at, goal_order_id = measured.order_id
FROM (SELECT mine.id, first.placed_at, first.id AS order_id
      FROM retention_enrollment mine
      JOIN retention_careprogram p ON p.id = mine.program_id
      LEFT JOIN LATERAL (SELECT o.id, o.placed_at FROM {PURCHASES} o
                         WHERE o.customer_id = mine.customer_id AND o.placed_at >= mine.entered_at
                           AND o.placed_at < mine.entered_at + p.evaluation_days * interval '1 day'
                         ORDER BY o.placed_at, o.id LIMIT 1) first ON true
      WHERE mine.customer_id = ANY(%(customers)s) AND mine.arm IS NOT NULL
      ORDER BY mine.id FOR NO KEY UPDATE OF mine) measured
WHERE e.id = measured.id AND e.goal_order_id IS DISTINCT FROM measured.order_id
"""
