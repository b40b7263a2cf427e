"""What sending and putting in cost the database: counted in statements, since seconds prove nothing on a busy machine."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.kernel.proving.sink import Sink
from customers.messaging.outbox import enqueue, sending

NOON = "2026-06-10T12:00:00+00:00"


def statements(captured):
    """Without the savepoints of the test's own transaction."""
    return [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.rule("CU-43")
def test_putting_in_costs_as_much_for_thirty_as_for_one(at, willing, make_draft):
    at(NOON)
    one, thirty = [make_draft(willing())], [make_draft(willing()) for _ in range(30)]
    enqueue([make_draft(willing())], clock.now())

    with CaptureQueriesContext(connection) as few:
        enqueue(one, clock.now())
    with CaptureQueriesContext(connection) as many:
        enqueue(thirty, clock.now())

    assert len(statements(many)) == len(statements(few))
    assert len(statements(many)) <= 12


@pytest.mark.rule("CU-43")
@pytest.mark.parametrize(("connections", "per_message"), [(1, 4), (8, 0.6)])
def test_a_round_of_messages_shares_its_statements(at, willing, make_draft, settings, connections, per_message):
    at(NOON)
    settings.MAIL_CONNECTIONS = connections
    enqueue([make_draft(willing()) for _ in range(40)], clock.now())

    with Sink() as sink, CaptureQueriesContext(connection) as captured:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        sent = sending.send_due(clock.now())

    fixed = 14
    assert sent == 40
    assert sink.connections == connections
    assert len(statements(captured)) <= fixed + 40 * per_message
