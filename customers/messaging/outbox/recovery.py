"""What is left when a worker dies: a claim that was not begun is tried again, one that was begun has an unknown fate."""

import json
from datetime import datetime

from django.db import connection, transaction

from customers.messaging import rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.outbox.dropping import history_entry
from customers.profiles import timeline

CLAIMS_AT_A_TIME = 500
RECOVER_CLAIMS = """
UPDATE customers_outboundmessage m
SET state = CASE
      WHEN m.state = 'data_started' AND NOT m.purpose = ANY(%(again)s) THEN 'unknown'
      WHEN m.attempts >= %(most)s THEN 'failed' ELSE 'queued' END,
    reason = CASE
      WHEN m.state = 'data_started' THEN 'cut' WHEN m.attempts >= %(most)s THEN 'gave_up' ELSE 'lease_over' END,
    lease_until = NULL, next_attempt_at = %(now)s,
    history = history || CASE
      WHEN m.state = 'data_started' AND NOT m.purpose = ANY(%(again)s) THEN %(unknown)s::jsonb
      WHEN m.attempts >= %(most)s THEN %(failed)s::jsonb
      WHEN m.state = 'data_started' THEN %(cut)s::jsonb ELSE %(again_step)s::jsonb END
FROM (
  SELECT id FROM customers_outboundmessage
  WHERE state IN ('claimed', 'data_started') AND lease_until < clock_timestamp()
  ORDER BY lease_until LIMIT %(size)s FOR UPDATE SKIP LOCKED
) late
WHERE m.id = late.id
RETURNING m.customer_id, m.public_id, m.subject, m.topic, m.state
"""


@transaction.atomic
def recover_expired_claims(now: datetime) -> int:
    """Look after claims whose lease is over. Care and survey mail of unknown fate waits for a person; tickets go again."""
    with connection.cursor() as cursor:
        cursor.execute(
            RECOVER_CLAIMS,
            {
                "again": sorted(rules.RESENT_PURPOSES), "most": rules.MAX_ATTEMPTS, "now": now, "size": CLAIMS_AT_A_TIME,
                "unknown": json.dumps([history_entry(now, MessageState.UNKNOWN, MessageReason.CUT)]),
                "failed": json.dumps([history_entry(now, MessageState.FAILED, MessageReason.GAVE_UP)]),
                "cut": json.dumps([history_entry(now, MessageState.QUEUED, MessageReason.CUT)]),
                "again_step": json.dumps([history_entry(now, MessageState.QUEUED, MessageReason.LEASE_OVER)]),
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    kinds = {MessageState.UNKNOWN: "message_unknown", MessageState.FAILED: "message_failed"}
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            customer_id, kinds[state], now, {"subject": subject, "topic": topic}, "message", public_id
        )
        for customer_id, public_id, subject, topic, state in rows
        if state in kinds
    )
    return len(rows)
