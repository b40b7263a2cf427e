"""What sending and putting in cost the database: counted in statements, since seconds prove nothing on a busy machine."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SmtpSink
from customers.messaging.outbox import delivery_run, enqueue_messages
from customers.messaging.policy import MessagingSettings

NOON = "2026-06-10T12:00:00+00:00"


def statements(captured):
    """Without the savepoints of the test's own transaction."""
    return [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.rule("CU-43")
def test_putting_in_costs_as_much_for_thirty_as_for_one(at, willing, make_draft):
    at(NOON)
    one, thirty = [make_draft(willing())], [make_draft(willing()) for _ in range(30)]
    enqueue_messages([make_draft(willing())], clock.now())

    with CaptureQueriesContext(connection) as few:
        enqueue_messages(one, clock.now())
    with CaptureQueriesContext(connection) as many:
        enqueue_messages(thirty, clock.now())

    assert len(statements(many)) == len(statements(few))
    assert len(statements(many)) <= 12


@pytest.fixture
def served(settings):
    """Send what is due; gives the sink, with what it took."""

    def send():
        with SmtpSink() as sink, CaptureQueriesContext(connection) as captured:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            sink.sent = delivery_run.send_due_messages(clock.now())
        sink.statements = statements(captured)
        return sink

    return send


@pytest.mark.rule("CU-43")
@pytest.mark.parametrize(("connections", "rounds"), [(1, 40), (8, 5), (20, 2)])
def test_a_round_of_messages_is_one_statement(at, willing, make_draft, settings, served, connections, rounds):
    at(NOON)
    settings.MAIL_CONNECTIONS = connections
    enqueue_messages([make_draft(willing()) for _ in range(40)], clock.now())

    sink = served()

    of_rounds = [sql for sql in sink.statements if sql.startswith("WITH") and "data_started" in sql]
    assert sink.sent == 40
    assert sink.connections == connections
    # The results of a round stand in the statement that begins the next one.
    assert len([sql for sql in of_rounds if "begun AS" in sql]) == rounds
    assert len(sink.statements) <= rounds + 16


@pytest.mark.rule("CU-42")
def test_a_cap_beyond_all_use_costs_no_statement_more(at, willing, make_draft):
    at(NOON)
    enqueue_messages([make_draft(willing())], clock.now())

    with CaptureQueriesContext(connection) as few:
        enqueue_messages([make_draft(willing())], clock.now())
    company.change_settings(MessagingSettings, {"daily_cap": 100_000}, by=None)
    with CaptureQueriesContext(connection) as many:
        enqueue_messages([make_draft(willing())], clock.now())

    assert len(statements(many)) <= len(statements(few)) + 1
