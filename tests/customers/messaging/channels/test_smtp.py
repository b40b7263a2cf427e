"""What is said to a mail server, packet by packet, and what a cut means on either side of the final dot."""

import pytest
from django.db import OperationalError

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging.channels import smtp
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import delivery_run, enqueue_messages
from tests.customers.messaging.scripted_server import Server

NOON = "2026-06-10T12:00:00+00:00"
EHLO = b"250-here\r\n250 PIPELINING\r\n"


@pytest.mark.rule("CU-43")
def test_next_message_is_offered_with_the_final_dot_of_the_present_one():
    taken = b"250 taken\r\n250 sender\r\n250 recipient\r\n"
    with Server(EHLO, b"250 sender\r\n250 recipient\r\n", b"354 go on\r\n", taken) as server:
        connection = server.connect()
        connection.offer("we@shop.example", "anna@shop.example")
        assert connection.read_offer_refusal() is None
        connection.start_data()
        assert connection.read_data_refusal() is None
        connection.send_message(b"Subject: x\r\n\r\n.dot\r\n", ("we@shop.example", "ben@shop.example"))
        assert connection.read_final_reply().code == 250
        assert connection.read_offer_refusal() is None
        connection.close()

    assert server.heard[1:4] == [
        b"MAIL FROM:<we@shop.example>\r\nRCPT TO:<anna@shop.example>\r\n",
        b"DATA\r\n",
        b"Subject: x\r\n\r\n..dot\r\n.\r\nMAIL FROM:<we@shop.example>\r\nRCPT TO:<ben@shop.example>\r\n",
    ]


@pytest.mark.rule("CU-43")
def test_cut_inside_a_message_is_known_and_a_cut_behind_it_is_not():
    lines = (EHLO, b"250 sender\r\n250 recipient\r\n", b"354 go on\r\n")
    with Server(*lines, listens=1000) as server:
        connection = server.connect()
        _offer(connection)
        with pytest.raises(smtp.SmtpConnectionLost):
            connection.send_message(b"x" * 40_000_000)
    with Server(*lines) as server:
        connection = server.connect()
        _offer(connection)
        connection.send_message(b"Subject: x\r\n\r\nshort\r\n")
        with pytest.raises(smtp.SmtpConnectionLost):
            connection.read_final_reply()


@pytest.mark.rule("CU-43")
def test_refused_data_is_taken_back_before_the_next_message():
    lines = (EHLO, b"250 sender\r\n250 recipient\r\n", b"451 4.3.0 Later\r\n", b"250 reset\r\n")
    with Server(*lines) as server:
        connection = server.connect()
        connection.offer("we@shop.example", "anna@shop.example")
        assert connection.read_offer_refusal() is None
        connection.start_data()
        assert connection.read_data_refusal().code == 451
        connection.close()

    assert server.heard[2:4] == [b"DATA\r\n", b"RSET\r\n"]


def _offer(connection):
    connection.offer("we@shop.example", "anna@shop.example")
    assert connection.read_offer_refusal() is None
    connection.start_data()
    assert connection.read_data_refusal() is None


@pytest.mark.rule("CU-43")
def test_time_that_runs_out_behind_the_final_dot_is_no_cut_inside_the_message(monkeypatch):
    with Server(EHLO, b"250 sender\r\n250 recipient\r\n", b"354 go on\r\n", b"250 taken\r\n") as server:
        connection = server.connect()
        _offer(connection)
        real, short = connection._socket, _Shortened(connection._socket, connection)
        connection._socket = short
        connection.send_message(b"Subject: x\r\n\r\nshort\r\n", ("we@shop.example", "ben@shop.example"))
        connection._socket = real
        connection.reset_deadline()
        assert connection.read_final_reply().code == 250
        connection.close()


class _Shortened:
    """Takes all but the last twenty bytes of a packet; after that the message's minute is over."""

    def __init__(self, real, connection):
        self.real, self.connection = real, connection

    def send(self, packet):
        sent = self.real.send(packet[:-20])
        self.connection._deadline = 0
        return sent

    def settimeout(self, seconds):
        self.real.settimeout(seconds)


@pytest.fixture
def send(settings):
    def to(script):
        with SmtpSink(script) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            sink.sent = delivery_run.send_due_messages(clock.now())
        return sink

    return to


def rows():
    return list(OutboundMessage.objects.order_by("id").values_list("state", "attempts"))


@pytest.mark.rule("CU-43")
@pytest.mark.parametrize("connections", [1, 3])
def test_server_that_does_not_pipeline_is_asked_step_by_step(at, willing, make_draft, send, settings, connections):
    at(NOON)
    settings.MAIL_CONNECTIONS = connections
    enqueue_messages([make_draft(willing()) for _ in range(7)], clock.now())

    sink = send(SinkScript(extensions=()))

    assert (sink.sent, len(set(sink.recipients())), sink.connections) == (7, 7, connections)
    assert rows() == [("accepted", 1)] * 7


@pytest.mark.rule("CU-43")
def test_server_that_ends_after_each_message_costs_the_next_one_no_attempt(at, willing, make_draft, send, settings):
    at(NOON)
    settings.MAIL_CONNECTIONS = 2
    enqueue_messages([make_draft(willing()) for _ in range(7)], clock.now())

    sink = send(SinkScript(most_messages=1))

    assert (sink.sent, len(set(sink.recipients())), sink.connections) == (7, 7, 7)
    assert rows() == [("accepted", 1)] * 7


@pytest.mark.rule("CU-43")
def test_refusal_of_the_next_recipient_leaves_the_present_message_and_the_one_after_it(
    at, willing, make_draft, send, settings
):
    at(NOON)
    settings.MAIL_CONNECTIONS = 1
    people = [willing(email=f"p{n}@shop.example") for n in range(3)]
    enqueue_messages([make_draft(person) for person in people], clock.now())

    sink = send(SinkScript(rcpt={"p1@shop.example": ["451 4.7.1 Later"]}))

    assert sink.recipients() == ["p0@shop.example", "p2@shop.example"]
    assert rows() == [("accepted", 1), ("queued", 1), ("accepted", 1)]


@pytest.mark.rule("CU-42")
def test_quiet_hours_that_begin_while_mail_goes_out_stop_the_rest(at, willing, make_draft, send, settings):
    at("2026-06-10T20:59:00+00:00")
    settings.MAIL_CONNECTIONS = 1
    enqueue_messages([make_draft(willing()) for _ in range(5)], clock.now())

    class Nightfall(SinkScript):
        def on_message(self, recipient, message_id):
            at("2026-06-10T21:00:01+00:00")
            return "250 Ok"

    sink = send(Nightfall())

    # The second was offered with the first one's final dot, but its DATA would have come by night.
    assert len(sink.taken) == 1
    assert rows() == [("accepted", 1)] + [("deferred", 0)] * 4
    reasons = OutboundMessage.objects.filter(state="deferred").values_list("reason", flat=True)
    assert set(reasons) == {"quiet_hours"}


@pytest.mark.rule("CU-43")
def test_results_are_kept_until_they_are_written(at, willing, make_draft, send, settings, monkeypatch):
    at(NOON)
    settings.MAIL_CONNECTIONS = 1
    enqueue_messages([make_draft(willing()) for _ in range(2)], clock.now())
    begin = delivery_run.record_results_and_begin

    def fail_once(results, messages, now):
        if results:
            monkeypatch.setattr(delivery_run, "record_results_and_begin", begin)
            raise OperationalError("deadlock detected")
        return begin(results, messages, now)

    monkeypatch.setattr(delivery_run, "record_results_and_begin", fail_once)

    with pytest.raises(OperationalError):
        send(SinkScript())

    assert rows() == [("accepted", 1), ("claimed", 1)]


@pytest.mark.rule("CU-43")
def test_login_at_a_server_that_knows_only_helo_is_tried_and_its_refusal_told():
    with Server(b"502 what\r\n", b"250 here\r\n", b"535 no\r\n") as server:
        account = smtp.SmtpServer("127.0.0.1", server.port, user="me", password="secret")
        with pytest.raises(smtp.SmtpServerRefused, match="535 no"):
            smtp.SmtpConnection(account)

    assert server.heard[2].startswith(b"AUTH PLAIN ")
