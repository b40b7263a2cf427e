"""What waits in the outbox, for whoever runs the place."""

from datetime import datetime
from typing import Any

from django.db import connection

from crm.kernel.ops import health

# Each part by the partial index of its states: none of them looks at what has been sent.
COUNT_UNSETTLED = """
SELECT state, count(*), min(created_at) FROM customers_outboundmessage WHERE state = 'queued' GROUP BY state
UNION ALL
SELECT state, count(*), min(created_at) FROM customers_outboundmessage WHERE state = 'deferred' GROUP BY state
UNION ALL
SELECT state, count(*), min(created_at) FROM customers_outboundmessage WHERE state IN ('claimed', 'data_started') GROUP BY state
UNION ALL
SELECT state, count(*), min(created_at) FROM customers_outboundmessage WHERE state IN ('unknown', 'held') GROUP BY state
"""


@health.register_status_section("outbox")
def unsettled_message_counts(now: datetime) -> dict[str, Any]:
    """Messages that are not settled by state, each with the age of the oldest in seconds. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_UNSETTLED)
        return {
            state: {"messages": n, "oldest_seconds": health.age_seconds(oldest, now)} for state, n, oldest in cursor
        }
