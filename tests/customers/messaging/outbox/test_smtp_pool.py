"""What is refused or cut on a kept connection touches one message only, and a worker killed inside one leaves one unknown."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from crm.kernel.time import clock
from crm.tools.proofs.scratch_database import urls_of_database
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging import services
from customers.messaging.models import OutboundMessage, Relay, Suppression
from customers.messaging.outbox import delivery_run, enqueue_messages
from tests.customers.messaging.scripted_server import Server

NOON = "2026-06-10T12:00:00+00:00"
PIPELINING = pytest.mark.parametrize("extensions", [("PIPELINING",), ()])


@pytest.fixture
def three(at, willing, make_draft, settings):
    """Three messages for one connection, to p0, p1 and p2."""
    at(NOON)
    settings.MAIL_CONNECTIONS = 1
    people = [willing(email=f"p{number}@shop.example") for number in range(3)]
    return enqueue_messages([make_draft(person) for person in people], clock.now())


def send(script, settings):
    with SmtpSink(script) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        delivery_run.send_due_messages(clock.now())
    return sink


def rows():
    return list(OutboundMessage.objects.order_by("id").values_list("state", "reason", "attempts"))


class Picky(SinkScript):
    """Something is wrong with p1, at one point of the talk."""

    def __init__(self, extensions, point, reply):
        super().__init__(extensions=extensions)
        self.point, self.reply = point, reply

    def said(self, point, recipient, otherwise):
        return self.reply if (point, recipient) == (self.point, "p1@shop.example") else otherwise

    def on_rcpt(self, recipient):
        return self.said("rcpt", recipient, super().on_rcpt(recipient))

    def on_data(self, recipient):
        return self.said("data", recipient, super().on_data(recipient))

    def on_message(self, recipient, message_id):
        return self.said("message", recipient, super().on_message(recipient, message_id))


@pytest.mark.rule("CU-43", "CU-45")
@PIPELINING
@pytest.mark.parametrize("point", ["rcpt", "data", "message"])
@pytest.mark.parametrize(
    ("reply", "becomes", "suppressed"),
    [
        ("451 4.7.1 Later", ("queued", "temporary", 1), 0),
        ("554 5.7.1 Not this one", ("failed", "refused", 1), 0),
        ("550 authentication is required", ("queued", "ours", 1), 0),
        ("550 5.1.1 No such user", ("failed", "no_mailbox", 1), 1),
    ],
)
def test_refusal_touches_its_own_message_only(three, settings, extensions, point, reply, becomes, suppressed):
    sink = send(Picky(extensions, point, reply), settings)

    assert sink.recipients() == ["p0@shop.example", "p2@shop.example"]
    assert sink.connections == 1
    assert rows() == [("accepted", "", 1), becomes, ("accepted", "", 1)]
    assert list(Suppression.objects.values_list("digest", flat=True)) == [three[1].digest] * suppressed


@pytest.mark.rule("CU-43")
@PIPELINING
def test_server_that_leaves_between_rcpt_and_data_has_not_got_the_message(three, at, settings, extensions):
    class Leaving(SinkScript):
        def leaves(self, recipient):
            return recipient == "p1@shop.example"

    sink = send(Leaving(extensions=extensions), settings)

    assert sink.recipients() == ["p0@shop.example", "p2@shop.example"]
    assert rows() == [("accepted", "", 1), ("queued", "temporary", 1), ("accepted", "", 1)]

    at(clock.now() + timedelta(minutes=2))
    assert send(SinkScript(), settings).recipients() == ["p1@shop.example"]


@pytest.mark.rule("CU-43")
@pytest.mark.parametrize(
    ("point", "cut", "becomes"),
    [
        ("data", "reset", ("queued", "temporary", 1)),
        ("message", "reset", ("unknown", "cut", 1)),
        ("message", "take-and-reset", ("unknown", "cut", 1)),
    ],
)
def test_cut_touches_its_own_message_and_not_the_one_offered_behind_it(three, settings, point, cut, becomes):
    sink = send(Picky(("PIPELINING",), point, cut), settings)

    assert Counter(sink.recipients()) == {
        "p0@shop.example": 1,
        "p2@shop.example": 1,
        **({"p1@shop.example": 1} if cut == "take-and-reset" else {}),
    }
    assert rows() == [("accepted", "", 1), becomes, ("accepted", "", 1)]


@pytest.mark.rule("CU-43")
def test_good_bye_instead_of_the_next_sender_pauses_the_relay(three, settings):
    offered, taken = b"250 sender\r\n250 recipient\r\n", b"250 taken\r\n421 4.7.0 Enough\r\n"
    with Server(b"250-here\r\n250 PIPELINING\r\n", offered, b"354 go on\r\n", taken) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        delivery_run.send_due_messages(clock.now())

    assert rows() == [("accepted", "", 1), ("queued", "temporary", 1), ("queued", "", 0)]
    assert Relay.objects.get().last_error == "421 4.7.0 Enough"
    assert Relay.objects.get().paused_until > clock.now()


class Stalling(SinkScript):
    """Takes p1's message and does not answer: there the worker is killed."""

    def __init__(self):
        super().__init__(keep_raw=False)
        self.reached = threading.Event()

    def delay(self, recipient):
        if recipient != "p1@shop.example" or self.reached.is_set():
            return 0
        self.reached.set()
        return 60


def kill_in_the_middle(sink):
    """A worker of its own process sends until the sink stalls, and is then killed."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "crm.tools.bench.mail_worker"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        env={**os.environ, **urls_of_database(connection.settings_dict["NAME"]), "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
             "MAIL_CONNECTIONS": "1", "MAIL_LEASE_SECONDS": "2", "MAIL_DATA_SECONDS": "2"},
    )  # fmt: skip
    worker.stdin.write(b"\n")
    worker.stdin.flush()
    assert sink.script.reached.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()


@pytest.mark.fault
@pytest.mark.rule("CU-43", "PL-50")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("purpose", "fate", "copies"), [("care", "unknown", 1), ("ticket", "accepted", 2)])
def test_killed_worker_leaves_one_message_unknown_and_the_others_are_sent_once(
    open_day, willing, make_draft, make_user, settings, purpose, fate, copies
):
    topic = "care" if purpose == "care" else "service"
    people = [willing(email=f"p{number}@shop.example") for number in range(5)]
    messages = enqueue_messages([make_draft(person, purpose=purpose, topic=topic) for person in people], clock.now())

    with SmtpSink(Stalling()) as sink:
        kill_in_the_middle(sink)
        left = [state for state, _reason, _attempts in rows()]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        time.sleep(2.2)
        for _turn in range(2):
            delivery_run.deliver_outbox(clock.now())

    assert left == ["accepted", "data_started", "claimed", "claimed", "claimed"]
    assert [state for state, _reason, _attempts in rows()] == ["accepted", fate, "accepted", "accepted", "accepted"]
    # Mail of a ticket comes again with its own Message-ID, so that mail programs show it once.
    assert Counter(one.message_id for one in sink.taken) == {
        message.message_id: copies if number == 1 else 1 for number, message in enumerate(messages)
    }
    if fate == "unknown":
        services.mark_message_sent(message=messages[1], reason="The customer has it.", at=clock.now(), by=make_user())
        assert rows()[1] == ("accepted", "marked_sent", 1)
