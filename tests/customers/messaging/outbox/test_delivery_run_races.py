"""Races on a live database: suppression against sending, two schedulers against the cap, bad weather on the wire."""

import socket
import threading
import time
from collections import Counter
from datetime import timedelta
from random import Random

import psycopg
import pytest
from django.db import connection

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging import consent, governor, rules, suppression
from customers.messaging.channels import smtp
from customers.messaging.models import DailySlot, OutboundMessage
from customers.messaging.outbox import deferral, delivery_results, delivery_run, enqueue_messages, queries

pytestmark = pytest.mark.django_db(transaction=True)


def run(*works):
    """Run all at once, each with a connection of its own; the first failure is raised."""
    failures = []

    def guarded(work):
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Noting(SinkScript):
    """Notes when the message of each recipient began."""

    def __init__(self):
        super().__init__(keep_raw=False)
        self.began = {}

    def on_data(self, recipient):
        self.began[recipient] = time.monotonic()
        return "354 go on"


def suppress_while_sending(willing, make_draft, settings):
    """Put 150 in, suppress 60 of them and send, all at once; gives the sink and those that began after their suppression.

    The last third comes when half of them have been suppressed for a while: however fast mail is sent, some is late.
    """
    people, suppressed_at, half = [willing() for _ in range(150)], {}, threading.Event()

    def put_in():
        for start in range(0, 150, 10):
            if start == 100:
                half.wait()
                time.sleep(0.3)
            enqueue_messages([make_draft(person) for person in people[start : start + 10]], clock.now())

    def unsubscribe():
        for person in Random(3).sample(people, 60):
            about = {"reason": "unsubscribed_all", "source": "race", "at": clock.now()}
            suppression.suppress_address(channel="email", address=person.email.upper(), **about)
            suppressed_at[person.email] = time.monotonic()
            if len(suppressed_at) == 30:
                half.set()

    def send():
        until = time.monotonic() + 6
        while time.monotonic() < until:
            delivery_run.deliver_outbox(clock.now())
            time.sleep(0.02)

    with SmtpSink(Noting()) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        run(put_in, unsubscribe, send, send)
    # A message in `data_started` when the suppression committed may still go; DATA follows within the same round.
    return sink, [email for email, at in suppressed_at.items() if sink.script.began.get(email, 0) > at + 0.25]


@pytest.mark.rule("CU-41")
def test_no_mail_begins_after_its_address_was_suppressed(open_day, willing, make_draft, settings):
    sink, late = suppress_while_sending(willing, make_draft, settings)

    states = Counter(OutboundMessage.objects.values_list("state", flat=True))
    assert late == []
    assert states["accepted"] + states["dropped"] == 150
    assert states["dropped"] > 0
    assert len(sink.taken) == states["accepted"] == len(set(sink.recipients()))


@pytest.mark.rule("CU-41")
def test_the_race_shows_late_mail_where_suppression_is_not_asked(open_day, willing, make_draft, settings, monkeypatch):
    monkeypatch.setattr(governor, "suppression_reasons", lambda digests, on: {})
    monkeypatch.setattr(deferral, "drop_suppressed_messages", lambda **about: 0)
    monkeypatch.setattr(delivery_results, "SUPPRESSED_PURPOSES", [])
    monkeypatch.setattr(rules, "is_purpose_suppressed", lambda reason, purpose, forced=False: False)

    _sink, late = suppress_while_sending(willing, make_draft, settings)

    assert late != []


class Asking(SinkScript):
    """Asks the database, over a connection of its own, how a message stands when the server hears DATA."""

    def __init__(self):
        super().__init__(keep_raw=False)
        self.states = []
        self.address = connection.connection.info.dsn

    def on_data(self, recipient):
        with psycopg.connect(self.address) as asked:
            found = asked.execute("SELECT state FROM customers_outboundmessage WHERE address = %s", [recipient])
            self.states += [state for (state,) in found]
        return "354 go on"


def states_at_data(willing, make_draft, settings):
    """What others see of each of 20 messages when its DATA comes, handed over by eight connections."""
    settings.MAIL_CONNECTIONS = 8
    enqueue_messages([make_draft(willing()) for _ in range(20)], clock.now())
    with SmtpSink(Asking()) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert delivery_run.send_due_messages(clock.now()) == 20
    return sink.script.states


@pytest.mark.rule("CU-43")
def test_data_is_said_only_after_its_beginning_is_committed(open_day, willing, make_draft, settings):
    assert states_at_data(willing, make_draft, settings) == ["data_started"] * 20


@pytest.mark.rule("CU-43")
def test_the_sink_sees_when_nothing_was_committed_before_data(open_day, willing, make_draft, settings, monkeypatch):
    monkeypatch.setattr(
        queries, "BEGIN_DELIVERY", queries.BEGIN_DELIVERY.replace("SET state = 'data_started', ", "SET ")
    )

    assert states_at_data(willing, make_draft, settings) == ["claimed"] * 20


@pytest.mark.rule("CU-42")
def test_two_schedulers_at_once_keep_to_the_cap(open_day, willing, make_draft):
    people = [willing() for _ in range(100)]

    def program(name, priority):
        return lambda: [
            enqueue_messages(
                [make_draft(p, source_id=name, priority=priority, occasion_key=name) for p in people], clock.now()
            )
        ]

    run(program("birthday", 60), program("winback", 70), program("news", 65), program("birthday", 60))

    per_day = Counter(DailySlot.objects.values_list("digest", "day"))
    queued = OutboundMessage.objects.filter(state="queued")
    assert OutboundMessage.objects.count() == 300
    assert set(per_day.values()) == {1}
    assert queued.count() == 100
    assert set(queued.values_list("pk", flat=True)) == set(DailySlot.objects.values_list("message_id", flat=True))
    assert not OutboundMessage.objects.filter(state="deferred", send_day__isnull=False).exists()


@pytest.mark.rule("CU-40")
def test_withdrawal_and_enqueueing_never_miss_each_other(open_day, willing, make_draft):
    people = [willing() for _ in range(60)]

    def put_in():
        for person in people:
            enqueue_messages([make_draft(person)], clock.now())

    def withdraw():
        for person in reversed(people):
            consent.withdraw_consent(customer=person, channel="email", topics=["care"], source="link", at=clock.now())

    run(put_in, withdraw)

    assert Counter(OutboundMessage.objects.values_list("state", "reason")) == {("dropped", "no_consent"): 60}


@pytest.mark.rule("CU-43")
def test_silent_and_slow_servers_end_by_their_deadlines(open_day, willing, make_draft, settings, monkeypatch):
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(smtp, "TOTAL_SECONDS", 1)
    message = enqueue_messages([make_draft(willing())], clock.now())[0]

    with SmtpSink(SinkScript(greeting="")) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", silent.port
        started = time.monotonic()
        delivery_run.send_due_messages(clock.now())
        took = time.monotonic() - started

    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_PORT = listener.getsockname()[1]
        dripping = threading.Thread(target=_drip, args=(listener,), daemon=True)
        dripping.start()
        slow = time.monotonic()
        delivery_run.send_due_messages(clock.now() + timedelta(minutes=2))
        slow = time.monotonic() - slow

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)
    assert took < 2
    assert slow < 3


def _drip(listener):
    """One byte every tenth of a second, for ever."""
    client, _address = listener.accept()
    for byte in b"220 " + b"x" * 100:
        try:
            client.sendall(bytes([byte]))
        except OSError:
            return
        time.sleep(0.1)


@pytest.mark.rule("CU-43")
def test_a_421_stops_the_lane_and_costs_the_others_nothing(open_day, willing, make_draft, settings):
    settings.MAIL_CONNECTIONS = 1
    people = [willing(email=f"p{n}@shop.example") for n in range(3)]
    enqueue_messages([make_draft(person) for person in people], clock.now())

    with SmtpSink(SinkScript(rcpt={"p0@shop.example": ["421 4.7.0 Too much mail"]})) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        delivery_run.send_due_messages(clock.now())
        paused = delivery_run.send_due_messages(clock.now())

    rows = OutboundMessage.objects.order_by("id").values_list("state", "attempts")
    assert list(rows) == [("queued", 1), ("queued", 0), ("queued", 0)]
    assert paused == 0
    assert sink.connections == 1


@pytest.mark.rule("CU-43")
def test_broken_starttls_never_falls_back_to_clear_text(open_day, willing, make_draft, settings):
    enqueue_messages([make_draft(willing())], clock.now())

    with SmtpSink(SinkScript(extensions=("PIPELINING", "STARTTLS"))) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, True
        delivery_run.send_due_messages(clock.now())

    assert sink.taken == []
    assert OutboundMessage.objects.get().state == "queued"
