"""Claiming due messages: each belongs to one worker for a minute; `fence` tells whose claim is the latest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

CLAIM = """
WITH due AS MATERIALIZED (
  SELECT id FROM customers_outboundmessage
  WHERE state = 'queued' AND channel = 'email' AND next_attempt_at <= %(now)s
  ORDER BY priority, next_attempt_at
  LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
UPDATE customers_outboundmessage m
SET state = 'claimed', lease_until = clock_timestamp() + %(lease)s, fence = m.fence + 1, attempts = m.attempts + 1
FROM due, customers_customer c
WHERE m.id = due.id AND c.id = m.customer_id
RETURNING m.id, m.fence, m.attempts, m.customer_id, m.public_id, m.address, m.digest, m.channel, m.purpose, m.topic, m.priority,
  m.language, m.subject, m.text, m.html, m.headers, m.message_id, m.token, m.deadline, m.send_day, m.created_at, m.forced, m.source_type,
  c.display_name, c.time_zone,
  (SELECT array_agg(s.reason) FROM customers_suppression s
   WHERE s.channel = m.channel AND s.digest = m.digest AND s.lifted_at IS NULL),
  EXISTS (SELECT FROM customers_consent g
   WHERE g.customer_id = m.customer_id AND g.channel = m.channel AND g.topic = m.topic AND g.state = 'given')
"""
RELEASE = """
UPDATE customers_outboundmessage m
SET state = 'queued', attempts = m.attempts - 1, lease_until = NULL
FROM unnest(%(ids)s::bigint[], %(fences)s::int[]) AS t(id, fence)
WHERE m.id = t.id AND m.fence = t.fence AND m.state = 'claimed'
"""


@dataclass
class ClaimedMessage:
    """A message in the hands of a worker, with all that sending needs."""

    id: int
    fence: int
    attempts: int
    customer_id: int
    public_id: str
    address: str
    digest: str
    channel: str
    purpose: str
    topic: str
    priority: int
    language: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    message_id: str
    token: str
    deadline: datetime | None
    send_day: date | None
    created_at: datetime
    forced: bool
    source_type: str
    name: str
    zone: str
    suppressed: list[str] | None
    agreed: bool
    recipient: str = ""
    sender_box: str = ""
    raw: bytes = b""
    open_until: datetime | None = None


def claim_messages(now: datetime, size: int) -> list[ClaimedMessage]:
    """Up to `size` due messages, the most important first; in one statement, committed at once."""
    lease: Any = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "size": size, "lease": lease})
        rows = [ClaimedMessage(*row) for row in cursor.fetchall()]
    for row in rows:
        row.headers = json.loads(str(row.headers))
    return sorted(rows, key=lambda row: (row.priority, row.id))


def release_messages(messages: list[ClaimedMessage]) -> None:
    """Give back what was not tried; it does not count as an attempt."""
    if messages:
        with connection.cursor() as cursor:
            cursor.execute(RELEASE, {"ids": [m.id for m in messages], "fences": [m.fence for m in messages]})
