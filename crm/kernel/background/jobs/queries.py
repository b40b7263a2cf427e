"""SQL of jobs: claims and leases are conditional updates by the clock of the database, which no clock of ours can cheat."""

# A job that goes on where it stood and came further than ever is no poison: its interruptions are counted anew.
SAVE_PROGRESS_SQL = """
UPDATE kernel_job SET attempts = CASE WHEN %s AND %s > done THEN 1 ELSE attempts END,
       done = %s, total = %s, memory = %s::jsonb, lease_until = clock_timestamp() + %s
WHERE id = %s AND fence = %s AND state = 'running' RETURNING cancel_requested
"""
RENEW_LEASE_SQL = """
UPDATE kernel_job SET done = coalesce(%s, done), total = coalesce(%s, total), lease_until = clock_timestamp() + %s
WHERE id = %s AND fence = %s AND state = 'running' RETURNING cancel_requested
"""
CLAIM_JOB_SQL = """
UPDATE kernel_job SET state = 'running', fence = fence + 1, attempts = attempts + 1,
       lease_until = clock_timestamp() + interval '60 seconds', started_at = coalesce(started_at, crm_now())
WHERE id = (SELECT id FROM kernel_job
            WHERE state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp())
            ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id
"""
# The places for jobs: locks of a session, which a process that dies gives back.
TRY_SLOT_SQL = "SELECT pg_try_advisory_lock(3, %s)"
RELEASE_SLOT_SQL = "SELECT pg_advisory_unlock(3, %s)"
