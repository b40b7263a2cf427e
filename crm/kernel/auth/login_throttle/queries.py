"""SQL of counted failures: one statement decides what would be a race in two, by the clock of the database."""

ADD_SQL = """
INSERT INTO kernel_doormemory (key, value, ends_at) VALUES (%s, %s::jsonb, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, ends_at = EXCLUDED.ends_at
WHERE kernel_doormemory.ends_at <= clock_timestamp()
"""
SET_SQL = """
INSERT INTO kernel_doormemory (key, value, ends_at) VALUES (%s, %s::jsonb, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, ends_at = EXCLUDED.ends_at
"""
GET_SQL = "SELECT value::text FROM kernel_doormemory WHERE key = %s AND ends_at > clock_timestamp()"
DELETE_SQL = "DELETE FROM kernel_doormemory WHERE key = %s"
DELETE_ENDED_SQL = "DELETE FROM kernel_doormemory WHERE ends_at <= clock_timestamp()"
