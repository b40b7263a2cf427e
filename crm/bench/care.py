"""Care: planning a day's birthdays against bare SQL, sending against bare smtplib over one connection."""

import smtplib
import socket
import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from crm.bench.pages import rows
from crm.bench.timing import Piece
from crm.kernel import clock, periods
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import sending
from retention.care import planner, services
from retention.care.choices import ProgramState
from retention.care.models import CareProgram

MAILS = 1000
BORN_TODAY = """
SELECT c.id FROM customers_customer c
CROSS JOIN (SELECT %(now)s AT TIME ZONE 'Asia/Shanghai' AS today) t
WHERE c.merged_into_id IS NULL AND c.archived_at IS NULL AND c.birthday_calendar = 'solar'
  AND (c.birth_month, c.birth_day) = (extract(month FROM today), extract(day FROM today))
"""
BARE_PLAN = f"""
WITH due AS (
  {BORN_TODAY} AND EXISTS (
    SELECT FROM customers_consent k
    WHERE k.customer_id = c.id AND k.channel = 'email' AND k.topic = 'care' AND k.state = 'given'))
INSERT INTO bench_plan SELECT id, 'birthday' FROM due ON CONFLICT DO NOTHING
"""


class Undo(Exception):
    """Takes a round back, so that the next one does the same work."""


def planning() -> Piece:
    """The birthday programme enters everybody who is due today, and is taken back; bare: one INSERT … SELECT."""
    program = CareProgram.objects.get(key="birthday")
    # At noon of the customers' day: birthdays are not greeted by night.
    now = periods.midnight(clock.today("Asia/Shanghai"), "Asia/Shanghai") + timedelta(hours=12)
    if program.state == ProgramState.OFF:
        services.start(program=program, at=now, by=None, smallest_effect=None)
    program.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS bench_plan (id bigint, occasion text, PRIMARY KEY (id, occasion))"
        )

    def ours() -> int:
        return _undone(lambda: planner.plan(program, now).eligible)

    def bare() -> int:
        def insert() -> int:
            with connection.cursor() as cursor:
                cursor.execute(BARE_PLAN, {"now": now})
                return int(cursor.rowcount)

        return _undone(insert)

    due = len(rows(BORN_TODAY, {"now": now}))
    return Piece("care planning", ours, bare, each=max(1, due), per_second=True, rounds=5)


def _undone(work: Any) -> int:
    found = 0
    try:
        with transaction.atomic():
            found = work()
            raise Undo
    except Undo:
        return found


class Sink:
    """A minimal SMTP server on a thread that takes everything at once and counts it."""

    def __init__(self) -> None:
        self.taken = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        stream = peer.makefile("rb")
        peer.sendall(b"220 sink\r\n")
        inside = False
        for line in stream:
            if inside:
                if line == b".\r\n":
                    inside, self.taken = False, self.taken + 1
                    peer.sendall(b"250 taken\r\n")
                continue
            word = line[:4].upper()
            inside = word == b"DATA"
            answers = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
            peer.sendall(answers.get(word, b"250 ok\r\n"))

    def close(self) -> None:
        self.listener.close()


def mails() -> Piece:
    """A thousand queued messages over the outbox, `data_started` committed; bare: a fixed body over one connection."""
    sink = Sink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    body = _one_body()
    sending.send_due(clock.now(), seconds=60)

    def ours() -> int:
        _queue(MAILS)
        before = sink.taken
        sending.send_due(clock.now(), seconds=60)
        return sink.taken - before

    def bare() -> int:
        before = sink.taken
        with smtplib.SMTP("127.0.0.1", sink.port) as connection_:
            for place in range(MAILS):
                connection_.sendmail("care@bench.example", [f"person{place}@bench.example"], body)
        return sink.taken - before

    return Piece("sending mail", ours, bare, each=MAILS, per_second=True, rounds=5)


def _one_body() -> bytes:
    return b"From: care@bench.example\r\nSubject: Hello\r\n\r\n" + b"A line of a letter.\r\n" * 60


def _queue(number: int) -> None:
    """Messages as the door leaves them, each of its own occasion: copies of one real message."""
    now = clock.now()
    model = OutboundMessage.objects.order_by("id").first()
    assert model is not None
    people = rows("SELECT id, email FROM customers_customer WHERE source = 'bench' ORDER BY id LIMIT %s", [number])
    own = ("id", "public_id", "message_id", "occasion_key", "customer_id", "address", "digest")
    columns = [field.attname for field in OutboundMessage._meta.concrete_fields if field.attname not in own]
    fields = {name: getattr(model, name) for name in columns}
    fields |= {"state": "queued", "next_attempt_at": now, "created_at": now, "attempts": 0, "fence": 0}
    fields |= {"lease_until": None, "accepted_at": None, "reason": "", "history": []}
    stamp = now.timestamp()
    messages = [
        OutboundMessage(
            **fields,
            customer_id=person,
            address=email,
            digest=f"bench-{person}",
            message_id=f"<bench-{stamp}-{person}@bench.example>",
            occasion_key=f"bench:{stamp}",
        )
        for person, email in people
    ]
    OutboundMessage.objects.bulk_create(messages, batch_size=1000)
