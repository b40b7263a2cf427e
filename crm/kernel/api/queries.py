"""SQL of the API: each is paid by every POST with a key, so it stands ready (a query set costs half a millisecond)."""

# The key is claimed by being new. Who finds it claimed has waited for the first request to end, and reads its answer.
CLAIM_KEY_SQL = """
INSERT INTO kernel_idempotencykey (principal, route, key, request_digest, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (principal, route, key) DO NOTHING RETURNING id
"""
FIRST_ANSWER_SQL = "WHERE principal = %s AND route = %s AND key = %s"
STORE_ANSWER_SQL = "UPDATE kernel_idempotencykey SET status = %s, body = %s::jsonb WHERE id = %s"
