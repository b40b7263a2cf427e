"""Several kept connections that take their steps side by side: write to all, then read from all.

A round costs as many waits as one message, and one commit of `data_started` serves it whole. The next messages are
offered with the packets that carry the present ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection as database

from customers.messaging import rules
from customers.messaging.channels.smtp import (
    SmtpConnection,
    SmtpConnectionLost,
    SmtpReply,
    SmtpServer,
    SmtpServerRefused,
)
from customers.messaging.outbox.claims import ClaimedMessage


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of a message: accepted, temporary, refused, bounced, unknown, unreadable."""

    message: ClaimedMessage
    what: str
    reply: str = ""


@dataclass
class ActiveConnection:
    """A connection, the message that is on it, and the one that comes after it."""

    connection: SmtpConnection
    message: ClaimedMessage
    following: ClaimedMessage | None = None

    @property
    def not_offered(self) -> list[ClaimedMessage]:
        return [self.following] if self.following else []

    def offer(self) -> None:
        self.connection.give_time()
        self.connection.offer(self.message.sender_box, self.message.recipient)

    def write(self) -> None:
        after = self.following if self.connection.pipelines else None
        self.connection.write(self.message.raw, (after.sender_box, after.recipient) if after else None)

    def move_on(self) -> None:
        """The message has its outcome; the following one takes its place."""
        assert self.following is not None
        self.message, self.following = self.following, None
        if self.connection.pipelines:
            self.connection.give_time()
        else:
            self.offer()


@dataclass
class DeliveryRound:
    """What a round came to: outcomes, lanes whose message the server would take next, and messages that it never saw."""

    outcomes: list[DeliveryOutcome] = field(default_factory=list)
    offered: list[ActiveConnection] = field(default_factory=list)
    unseen: list[ClaimedMessage] = field(default_factory=list)


ConnectionStep = Callable[[ActiveConnection], Any]
BROKEN = object()
NOT_TAKEN = "not taken"


class ServerUnreachable(Exception):
    """No connection can be made; the message says what the server answered."""


class SmtpPool:
    """At most `size` connections to one server, opened when needed and kept for the run."""

    def __init__(self, server: SmtpServer, size: int) -> None:
        self.server, self.size = server, size
        self.idle: list[SmtpConnection] = []
        self.busy = 0
        self.closing = ""

    def reach(self, wanted: int) -> int:
        """Open what is missing for so many messages; how many of them can be offered. No connection at all is Unreachable."""
        while len(self.idle) < min(wanted, self.size - self.busy):
            try:
                self.idle.append(SmtpConnection(self.server))
            except SmtpServerRefused as error:
                if not self.idle and not self.busy:
                    raise ServerUnreachable(str(error)) from error
                self.size = len(self.idle) + self.busy
        return min(wanted, len(self.idle))

    def offer(self, messages: list[ClaimedMessage]) -> DeliveryRound:
        """MAIL and RCPT, one message per reached connection."""
        _check_no_transaction()
        found = DeliveryRound()
        lanes = [ActiveConnection(self.idle.pop(), message) for message in messages]
        self.busy += len(lanes)
        found.offered = self._offered(self._each(lanes, ActiveConnection.offer, NOT_TAKEN, found), found)
        return found

    def deliver(self, lanes: list[ActiveConnection]) -> DeliveryRound:
        """DATA and the messages. Before the final dot a broken connection means *not accepted*; after it, *unknown*."""
        _check_no_transaction()
        found = DeliveryRound()
        lanes = self._each(lanes, lambda lane: lane.connection.data(), "temporary", found)
        lanes = self._agreed(lanes, lambda lane: lane.connection.may_write(), "temporary", found)
        lanes = self._each(lanes, ActiveConnection.write, "temporary", found)
        answered = [lane for lane in lanes if self._answer(lane, found)]
        found.offered = self._offered(self._each(answered, ActiveConnection.move_on, NOT_TAKEN, found), found)
        return found

    def give_up(self, lanes: list[ActiveConnection]) -> None:
        """Messages that may not be sent after all: their connections end, since RCPT was said on them."""
        for lane in lanes:
            self._close(lane, DeliveryRound())

    def close(self) -> None:
        for connection in self.idle:
            connection.quit()
        self.idle = []

    def _each(
        self, lanes: list[ActiveConnection], act: ConnectionStep, broken_means: str, found: DeliveryRound
    ) -> list[ActiveConnection]:
        return [lane for lane in lanes if self._step(lane, act, broken_means, found) is not BROKEN]

    def _offered(self, lanes: list[ActiveConnection], found: DeliveryRound) -> list[ActiveConnection]:
        return self._agreed(lanes, lambda lane: lane.connection.offered(), NOT_TAKEN, found)

    def _agreed(
        self, lanes: list[ActiveConnection], ask: ConnectionStep, broken_means: str, found: DeliveryRound
    ) -> list[ActiveConnection]:
        """The lanes on which the server goes along; a refusal is its message's outcome."""
        agreed = []
        for lane in lanes:
            refusal = self._step(lane, ask, broken_means, found)
            if refusal is None:
                agreed.append(lane)
            elif refusal is not BROKEN and self._is_open_after(lane, refusal, found):
                self._rest(lane, found)
        return agreed

    def _answer(self, lane: ActiveConnection, found: DeliveryRound) -> bool:
        """What became of the message; True if a following one is to be offered now."""
        reply = self._step(lane, lambda lane: lane.connection.answer(), "unknown", found)
        if reply is BROKEN:
            return False
        if reply.code == 250:
            found.outcomes.append(DeliveryOutcome(lane.message, "accepted", str(reply)))
        elif not self._is_open_after(lane, reply, found):
            return False
        if lane.following is None:
            self._rest(lane, found)
        return lane.following is not None

    def _step(self, lane: ActiveConnection, act: ConnectionStep, broken_means: str, found: DeliveryRound) -> Any:
        """The step's answer, or BROKEN: then the message has its outcome, or the server has not seen it."""
        try:
            return act(lane)
        except SmtpConnectionLost as error:
            if broken_means == NOT_TAKEN and lane.connection.is_used:
                # Servers end connections after so many messages: that says nothing against this one.
                found.unseen.append(lane.message)
            else:
                what = "temporary" if broken_means == NOT_TAKEN else broken_means
                found.outcomes.append(DeliveryOutcome(lane.message, what, str(error)))
            self._close(lane, found)
            return BROKEN

    def _is_open_after(self, lane: ActiveConnection, refusal: SmtpReply, found: DeliveryRound) -> bool:
        """Take down a refusal; False where the server says good-bye with it."""
        what = rules.reply_meaning(refusal.code, refusal.text)
        if what == "closing":
            self.closing = str(refusal)
            found.outcomes.append(DeliveryOutcome(lane.message, "temporary", str(refusal)))
            self._close(lane, found)
            return False
        found.outcomes.append(DeliveryOutcome(lane.message, "refused" if what == "accepted" else what, str(refusal)))
        return True

    def _rest(self, lane: ActiveConnection, found: DeliveryRound) -> None:
        self.busy -= 1
        self.idle.append(lane.connection)
        found.unseen += lane.not_offered

    def _close(self, lane: ActiveConnection, found: DeliveryRound) -> None:
        self.busy -= 1
        lane.connection.close()
        found.unseen += lane.not_offered


def _check_no_transaction() -> None:
    """Nobody waits for a mail server with rows locked."""
    if any(not getattr(block, "_from_testcase", False) for block in database.atomic_blocks):
        raise RuntimeError("mail is sent outside transactions only")
