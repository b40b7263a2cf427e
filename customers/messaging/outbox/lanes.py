"""Several kept connections that take their steps side by side: write to all, then read from all.

A round costs as many waits as one message, and one commit of `data_started` serves it whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection as database

from customers.messaging import rules
from customers.messaging.channels.smtp import Broken, Connection, Refused, Reply, Server
from customers.messaging.outbox.claiming import Claimed


@dataclass(frozen=True)
class Outcome:
    """What became of a message: accepted, temporary, refused, bounced, unknown, unreadable."""

    message: Claimed
    what: str
    reply: str = ""


@dataclass
class Lane:
    """A connection and the message that is on it."""

    connection: Connection
    message: Claimed


Act = Callable[[Lane], Any]


class Unreachable(Exception):
    """No connection can be made; the message says what the server answered."""


class Lanes:
    """At most `size` connections to one server, opened when needed and kept for the run."""

    def __init__(self, server: Server, size: int) -> None:
        self.server, self.size = server, size
        self.idle: list[Connection] = []
        self.closing = ""

    def reach(self, wanted: int) -> int:
        """Open what is missing for so many messages; one connection is enough to go on with, none is Unreachable."""
        while len(self.idle) < min(wanted, self.size):
            try:
                self.idle.append(Connection(self.server))
            except Refused as error:
                if not self.idle:
                    raise Unreachable(str(error)) from error
                self.size = len(self.idle)
        return min(wanted, len(self.idle))

    def begin(self, messages: list[Claimed]) -> tuple[list[Lane], list[Outcome]]:
        """MAIL and RCPT, one message per reached connection; those taken stand on their lanes, the others have their outcome."""
        _outside_transactions()
        lanes = [Lane(self._connection(), message) for message in messages]
        outcomes: list[Outcome] = []
        started = self._each(
            lanes,
            lambda lane: lane.connection.begin(lane.message.sender_box, lane.message.recipient),
            "temporary",
            outcomes,
        )
        taken = []
        for lane in started:
            refusal = self._step(lane, lambda lane: lane.connection.begun(), "temporary", outcomes)
            if refusal is False:
                continue
            if refusal is None:
                taken.append(lane)
            else:
                outcomes.append(self._refused(lane, refusal))
        return taken, outcomes

    def deliver(self, lanes: list[Lane]) -> list[Outcome]:
        """DATA and the messages. Before the final dot a broken connection means *not accepted*; after it, *unknown*."""
        _outside_transactions()
        outcomes: list[Outcome] = []
        lanes = self._each(lanes, lambda lane: lane.connection.data(), "temporary", outcomes)
        writing = []
        for lane in lanes:
            refusal = self._step(lane, lambda lane: lane.connection.may_write(), "temporary", outcomes)
            if refusal is None:
                writing.append(lane)
            elif refusal is not False:
                outcomes.append(self._refused(lane, refusal))
        writing = self._each(writing, lambda lane: lane.connection.write(lane.message.raw), "temporary", outcomes)
        writing = self._each(writing, lambda lane: lane.connection.finish(), "temporary", outcomes)
        for lane in writing:
            reply = self._step(lane, lambda lane: lane.connection.answer(), "unknown", outcomes)
            if reply is not False:
                outcomes.append(self._refused(lane, reply) if reply.code != 250 else self._accepted(lane, reply))
        return outcomes

    def give_up(self, lanes: list[Lane]) -> None:
        """Messages that may not be sent after all: their connections end, since RCPT was said on them."""
        for lane in lanes:
            lane.connection.close()

    def close(self) -> None:
        for connection in self.idle:
            connection.quit()
        self.idle = []

    def _connection(self) -> Connection:
        connection = self.idle.pop()
        connection.give_time()
        return connection

    def _each(self, lanes: list[Lane], act: Act, broken_means: str, outcomes: list[Outcome]) -> list[Lane]:
        return [lane for lane in lanes if self._step(lane, act, broken_means, outcomes) is not False]

    def _step(self, lane: Lane, act: Act, broken_means: str, outcomes: list[Outcome]) -> Any:
        """The step's answer, or False when the connection broke and the message has its outcome."""
        try:
            return act(lane)
        except Broken as error:
            outcomes.append(Outcome(lane.message, broken_means, str(error)))
            lane.connection.close()
            return False

    def _refused(self, lane: Lane, reply: Reply) -> Outcome:
        what = rules.meaning(reply.code, reply.text)
        if what == "closing":
            self.closing = str(reply)
            lane.connection.close()
            return Outcome(lane.message, "temporary", str(reply))
        self.idle.append(lane.connection)
        return Outcome(lane.message, "refused" if what == "accepted" else what, str(reply))

    def _accepted(self, lane: Lane, reply: Reply) -> Outcome:
        self.idle.append(lane.connection)
        return Outcome(lane.message, "accepted", str(reply))


def _outside_transactions() -> None:
    """Nobody waits for a mail server with rows locked."""
    if any(not getattr(block, "_from_testcase", False) for block in database.atomic_blocks):
        raise RuntimeError("mail is sent outside transactions only")
