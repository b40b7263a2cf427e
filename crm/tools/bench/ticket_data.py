"""A hundred thousand tickets of the bench's customers: every fifth is open, each with three messages and its history."""

from typing import Any

from django.db import connection

TICKET_COUNT = 100_000
TICKETS_SQL = """
INSERT INTO feedback_ticket (public_id, customer_id, contact_name, contact_email, subject, state, priority, channel, language,
  tags, source_type, source_id, reply_key, opened_at, last_message_at, waiting_since, solved_at, solves, closed_at)
SELECT crm_public_id('ti'), c.id, '', '', 'The ' || (ARRAY['parcel', 'pot', 'tea', 'invoice', 'voucher'])[1 + n %% 5] || ' of order ' || n,
  s.state, 1 + n %% 4, (ARRAY['form', 'email', 'phone'])[1 + n %% 3], 'zh-hans', '{}', 'bench', n::text, substr(md5('bench' || n), 1, 24),
  t.at, t.at, CASE WHEN s.state IN ('new', 'open') THEN t.at END, CASE WHEN s.state = 'closed' THEN t.at END,
  CASE WHEN s.state = 'closed' THEN 1 ELSE 0 END, CASE WHEN s.state = 'closed' THEN t.at END
FROM generate_series(1, %(tickets)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM customers_customer
      WHERE source = 'bench' ORDER BY id LIMIT %(tickets)s) c ON c.place = n %% %(people)s
CROSS JOIN LATERAL (SELECT CASE WHEN n %% 5 > 0 THEN 'closed' WHEN n %% 15 = 0 THEN 'pending'
                                WHEN n %% 10 = 0 THEN 'new' ELSE 'open' END) s(state)
CROSS JOIN LATERAL (SELECT %(now)s - (n %% 525600) * interval '1 minute') t(at)
"""
MESSAGES_SQL = """
INSERT INTO feedback_message (public_id, ticket_id, kind, channel, author, body, at, message_id)
SELECT crm_public_id('ms'), id, 'public', channel, 'customer', repeat('The lid came in two pieces and the tin was open. ', k), opened_at, ''
FROM feedback_ticket CROSS JOIN generate_series(1, 3) k WHERE source_type = 'bench'
"""
TICKET_EVENTS_SQL = """
INSERT INTO feedback_ticketevent (ticket_id, change, before, after, data, author, at)
SELECT id, 'opened', '', 'new', '{}', 'customer', opened_at FROM feedback_ticket WHERE source_type = 'bench'
"""


def ensure(now: Any) -> None:
    """Make the tickets where there are none yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM feedback_ticket WHERE source_type = 'bench')")
        if cursor.fetchone()[0]:
            return
        cursor.execute("SELECT count(*) FROM customers_customer WHERE source = 'bench'")
        given = {"now": now, "tickets": TICKET_COUNT, "people": min(TICKET_COUNT, cursor.fetchone()[0])}
        for sql in (TICKETS_SQL, MESSAGES_SQL, TICKET_EVENTS_SQL):
            cursor.execute(sql, given)
