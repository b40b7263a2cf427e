"""SQL of the outbox.

The ORM cannot say what these statements do in one round trip: claim with SKIP LOCKED and return the joined rows, insert or
find by the occasion, move slots and messages together, record results and begin the next messages in one commit. Sending
pays for each of them per round or per claim.
"""

from customers.messaging.queries import insert_tokens_sql

# Up to %(size)s due messages of a channel, the most important first; a message belongs to its claim until its lease ends.
CLAIM_MESSAGES = """
WITH due AS MATERIALIZED (
  SELECT id FROM customers_outboundmessage
  WHERE state = 'queued' AND channel = %(channel)s AND next_attempt_at <= %(now)s
  ORDER BY priority, next_attempt_at
  LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
UPDATE customers_outboundmessage m
SET state = 'claimed', lease_until = clock_timestamp() + %(lease)s, fence = m.fence + 1, attempts = m.attempts + 1
FROM due, customers_customer c
WHERE m.id = due.id AND c.id = m.customer_id
RETURNING m.id, m.fence, m.attempts, m.customer_id, m.public_id, m.address, m.digest, m.channel, m.purpose, m.topic,
  m.priority, m.language, m.subject, m.text, m.html, m.headers, m.message_id, m.token, m.deadline, m.send_day,
  m.created_at, m.forced, m.source_type, c.display_name, c.time_zone,
  (SELECT array_agg(s.reason) FROM customers_suppression s
   WHERE s.channel = m.channel AND s.digest = m.digest AND s.lifted_at IS NULL),
  EXISTS (SELECT FROM customers_consent g
   WHERE g.customer_id = m.customer_id AND g.channel = m.channel AND g.topic = m.topic AND g.state = 'given')
"""
RELEASE_MESSAGES = """
UPDATE customers_outboundmessage m
SET state = 'queued', attempts = m.attempts - 1, lease_until = NULL
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS t(id, fence)
WHERE m.id = t.id AND m.fence = t.fence AND m.state = 'claimed'
"""
# A claim that ended before DATA is queued again. After DATA its fate is unknown, except for purposes that are resent.
RECOVER_CLAIMS = """
UPDATE customers_outboundmessage m
SET state = CASE
      WHEN m.state = 'data_started' AND NOT m.purpose = ANY(%(resent)s) THEN 'unknown'
      WHEN m.attempts >= %(max_attempts)s THEN 'failed' ELSE 'queued' END,
    reason = CASE
      WHEN m.state = 'data_started' THEN 'cut'
      WHEN m.attempts >= %(max_attempts)s THEN 'gave_up' ELSE 'lease_over' END,
    lease_until = NULL, next_attempt_at = %(now)s,
    history = history || CASE
      WHEN m.state = 'data_started' AND NOT m.purpose = ANY(%(resent)s) THEN %(unknown_entry)s::jsonb
      WHEN m.attempts >= %(max_attempts)s THEN %(failed_entry)s::jsonb
      WHEN m.state = 'data_started' THEN %(cut_entry)s::jsonb ELSE %(lease_over_entry)s::jsonb END
FROM (
  SELECT id FROM customers_outboundmessage
  WHERE state IN ('claimed', 'data_started') AND lease_until < clock_timestamp()
  ORDER BY lease_until LIMIT %(size)s FOR UPDATE SKIP LOCKED
) late
WHERE m.id = late.id
RETURNING m.customer_id, m.public_id, m.subject, m.topic, m.state
"""

MESSAGE_COLUMNS = {
    "public_id": "text", "customer_id": "bigint", "channel": "text", "address": "text", "digest": "text",
    "purpose": "text", "topic": "text", "priority": "int", "language": "text", "subject": "text", "text": "text",
    "html": "text", "headers": "jsonb", "message_id": "text", "token": "text", "template_key": "text",
    "source_type": "text", "source_id": "text", "step": "text", "occasion_key": "text", "forced": "bool",
    "by_id": "bigint", "state": "text", "reason": "text", "reply": "text", "next_attempt_at": "timestamptz",
    "deadline": "timestamptz", "send_day": "date", "attempts": "int", "fence": "int", "history": "jsonb",
    "created_at": "timestamptz",
}  # fmt: skip
INSERT_MESSAGES = f"""
WITH new AS (
  INSERT INTO customers_outboundmessage ({", ".join(MESSAGE_COLUMNS)})
  SELECT {", ".join(MESSAGE_COLUMNS)}
  FROM jsonb_to_recordset(%s::jsonb) AS d({", ".join(f"{name} {kind}" for name, kind in MESSAGE_COLUMNS.items())})
  ON CONFLICT (customer_id, source_type, source_id, step, occasion_key) DO NOTHING
  RETURNING id, public_id, token, customer_id, channel, topic, digest, created_at
), tokens AS ({insert_tokens_sql("new")})
SELECT id, public_id FROM new
"""
FIND_BY_OCCASION = """
SELECT m.id FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS k(customer_id, source_type, source_id, step, occasion_key)
JOIN customers_outboundmessage m USING (customer_id, source_type, source_id, step, occasion_key)
"""
# A lock that Django has no word for: it waits for no other enqueueing, and a withdrawal of consent waits for it.
LOCK_CUSTOMERS = "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"

GRANT_SLOTS = """
INSERT INTO customers_dailyslot (channel, digest, day, number, message_id)
SELECT * FROM unnest(%(channels)s::text[], %(digests)s::text[], %(days)s::date[], %(numbers)s::int[], %(ids)s::bigint[])
ON CONFLICT DO NOTHING
RETURNING message_id
"""
# The least important message that waits loses its slot; one that is already claimed keeps it.
FIND_LOSERS = """
SELECT DISTINCT ON (w.id) w.id, m.id AS loser
FROM unnest(%(ids)s::bigint[], %(channels)s::text[], %(digests)s::text[], %(days)s::date[], %(priorities)s::int[])
     AS w(id, channel, digest, day, priority)
JOIN customers_dailyslot s ON (s.channel, s.digest, s.day) = (w.channel, w.digest, w.day)
JOIN customers_outboundmessage m ON m.id = s.message_id AND m.state = 'queued' AND m.priority > w.priority
ORDER BY w.id, m.priority DESC, m.id DESC
"""
TAKE_OVER_SLOTS = """
WITH loser AS (
  SELECT id FROM customers_outboundmessage WHERE id = ANY(%(losers)s) AND state = 'queued' ORDER BY id FOR NO KEY UPDATE
), freed AS (
  UPDATE customers_dailyslot s SET message_id = t.winner
  FROM unnest(%(losers)s::bigint[], %(winners)s::bigint[]) AS t(loser, winner), loser
  WHERE s.message_id = t.loser AND t.loser = loser.id RETURNING t.loser, t.winner
)
UPDATE customers_outboundmessage m
SET state = 'deferred', reason = %(reason)s, send_day = NULL, next_attempt_at = u.retry_at,
    history = history || %(entry)s::jsonb
FROM freed, unnest(%(losers)s::bigint[], %(retry_times)s::timestamptz[]) AS u(loser, retry_at)
WHERE m.id = freed.loser AND u.loser = freed.loser
RETURNING freed.winner
"""
DEFER_MESSAGES = """
UPDATE customers_outboundmessage m
SET state = 'deferred', reason = %(reason)s, next_attempt_at = t.retry_at, send_day = NULL,
    history = history || %(entry)s::jsonb
FROM unnest(%(ids)s::bigint[], %(retry_times)s::timestamptz[]) AS t(id, retry_at)
WHERE m.id = t.id AND m.state = 'queued'
"""
APPLY_STATE_CHANGES = """
UPDATE customers_outboundmessage m
SET state = t.state, reason = t.reason, next_attempt_at = t.next_attempt_at, history = history || t.entry
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, state text, reason text, next_attempt_at timestamptz, entry jsonb)
WHERE m.id = t.id
"""

# A result may come late: a lease that ran out meanwhile made the message unknown, which the answer now corrects.
RECORD_RESULTS = """
UPDATE customers_outboundmessage m
SET state = r.state, reason = r.reason, reply = r.reply, next_attempt_at = coalesce(r.retry_at, m.next_attempt_at),
    accepted_at = r.accepted_at, lease_until = NULL, send_day = CASE WHEN r.frees_slot THEN NULL ELSE m.send_day END,
    attempts = m.attempts - r.uncounted, history = m.history || r.entry
FROM jsonb_to_recordset(%(results)s::jsonb) AS r(id bigint, fence int, state text, reason text, reply text,
     retry_at timestamptz, accepted_at timestamptz, frees_slot bool, uncounted int, entry jsonb)
WHERE m.id = ANY(%(ended)s::bigint[]) AND m.id = r.id AND m.fence = r.fence
  AND m.state IN ('claimed', 'data_started', 'unknown')
RETURNING m.id, m.customer_id, m.public_id, m.subject, m.topic, m.source_type, m.state, r.frees_slot
"""
FREE_SLOTS = """
DELETE FROM customers_dailyslot s USING ended e WHERE e.frees_slot AND s.message_id = e.id
"""
# Committed before DATA: from here on, silence means *unknown*, never *again*. Whoever suppresses an address drops its
# claimed messages: one of both waits for the other at the row, and a message that was dropped is no longer claimed.
BEGIN_DELIVERY = """
UPDATE customers_outboundmessage m
SET state = 'data_started', lease_until = clock_timestamp() + %(lease)s
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS t(id, fence)
WHERE m.id = ANY(%(ids)s::bigint[]) AND m.id = t.id AND m.fence = t.fence AND m.state = 'claimed'
  AND NOT EXISTS (
    SELECT 1 FROM customers_suppression s
    WHERE s.channel = m.channel AND s.digest = m.digest AND s.lifted_at IS NULL
      AND s.reason || ':' || m.purpose = ANY(%(suppressed_purposes)s::text[])
      AND NOT (m.forced AND m.purpose = 'security' AND s.reason = 'bounced'))
RETURNING m.id
"""
# Test mail goes to staff: the customer's timeline does not show it.
TIMELINE_ENTRIES = """
SELECT e.customer_id, k.kind, %(at)s::timestamptz, jsonb_build_object('subject', e.subject, 'topic', e.topic),
  'message', e.public_id
FROM ended e
JOIN (VALUES ('accepted', 'message_sent'), ('failed', 'message_failed'), ('unknown', 'message_unknown'))
  AS k(state, kind) ON k.state = e.state
WHERE e.source_type <> 'trial'
"""

TRY_SENDER_LOCK = "SELECT pg_try_advisory_lock(%s, %s)"
RELEASE_SENDER_LOCK = "SELECT pg_advisory_unlock(%s, %s)"


def drop_messages_sql(condition: str) -> str:
    """SQL that drops the waiting messages `m` of a condition and frees their slots; returns the ids.

    A claimed message is dropped too: its fence moves on, so the worker that holds it may not begin.
    """
    return f"""
    WITH stopped AS (
      SELECT id FROM customers_outboundmessage m
      WHERE {condition} AND state IN ('queued', 'deferred', 'claimed', 'held')
      ORDER BY id FOR NO KEY UPDATE
    ), freed AS (
      DELETE FROM customers_dailyslot USING stopped WHERE message_id = stopped.id
    )
    UPDATE customers_outboundmessage m
    SET state = 'dropped', reason = %(reason)s, fence = fence + 1, lease_until = NULL, send_day = NULL,
        history = history || %(entry)s::jsonb
    FROM stopped WHERE m.id = stopped.id
    RETURNING m.id
    """
