"""The SQL of the effect: both arms of every programme counted in one pass over the entries, by each one's own window."""

# Who entered since the start and whose own window is over; a customer who entered twice counts twice.
ARM_COUNTS_SQL = """
SELECT e.program_id, e.arm, count(*), count(e.goal_reached_at)
FROM retention_enrollment e JOIN retention_careprogram p ON p.id = e.program_id
WHERE e.program_id = ANY(%(programs)s) AND e.arm IS NOT NULL AND e.entered_at >= p.started_at
  AND e.entered_at <= %(now)s - p.evaluation_days * interval '1 day'
GROUP BY 1, 2
"""
# Of the same people: how many had reached the goal by the end of each day since they entered.
GOAL_CURVE_SQL = """
SELECT e.arm, floor(extract(epoch FROM e.goal_reached_at - e.entered_at) / 86400)::int AS day, count(*)
FROM retention_enrollment e JOIN retention_careprogram p ON p.id = e.program_id
WHERE e.program_id = %(program)s AND e.arm IS NOT NULL AND e.entered_at >= p.started_at
  AND e.entered_at <= %(now)s - p.evaluation_days * interval '1 day' AND e.goal_reached_at IS NOT NULL
GROUP BY 1, 2
"""
