"""Several open connections that take their steps side by side: write to all, then read from all.

A round costs as many waits as one message, and one commit of `data_started` serves it whole. The next messages are
offered with the packets that carry the present ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from customers.messaging import server_replies
from customers.messaging.channels.smtp import (
    SmtpConnection,
    SmtpConnectionLost,
    SmtpReply,
    SmtpServer,
    SmtpServerRefused,
)
from customers.messaging.channels.transport import DeliveryOutcome, DeliveryRound, Handover, ServerUnreachable
from customers.messaging.outbox.claims import ClaimedMessage


@dataclass(kw_only=True)
class ActiveConnection(Handover):
    """A connection, the message that is on it, and the one that comes after it."""

    connection: SmtpConnection

    def offer(self) -> None:
        self.connection.reset_deadline()
        self.connection.offer(self.message.envelope_sender, self.message.envelope_recipient)

    def send_body(self) -> None:
        after = self.following if self.connection.pipelines else None
        following = (after.envelope_sender, after.envelope_recipient) if after else None
        self.connection.send_message(self.message.raw, following)

    def start_following(self) -> None:
        """The message has its outcome; the following one takes its place."""
        assert self.following is not None
        self.message, self.following = self.following, None
        if self.connection.pipelines:
            self.connection.reset_deadline()
        else:
            self.offer()


SmtpRound = DeliveryRound[ActiveConnection]
ConnectionStep = Callable[[ActiveConnection], Any]
BROKEN = object()
NOT_TAKEN = "not taken"


class SmtpPool:
    """At most `size` connections to one server, opened when needed and kept for the run.

    `goodbye_text` is the reply by which the server ended the talk (421); then nothing more is offered.
    """

    def __init__(self, server: SmtpServer, size: int) -> None:
        self.server, self.size = server, size
        self.idle: list[SmtpConnection] = []
        self.busy_count = 0
        self.goodbye_text = ""

    def open_connections(self, message_count: int) -> int:
        """Open the connections that so many messages need; returns how many messages can be offered.

        Raises ServerUnreachable where there is no connection at all.
        """
        while len(self.idle) < min(message_count, self.size - self.busy_count):
            try:
                self.idle.append(SmtpConnection(self.server))
            except SmtpServerRefused as error:
                if not self.idle and not self.busy_count:
                    raise ServerUnreachable(str(error)) from error
                self.size = len(self.idle) + self.busy_count
        return min(message_count, len(self.idle))

    def offer_messages(self, messages: list[ClaimedMessage]) -> SmtpRound:
        """MAIL and RCPT, one message per open connection."""
        current = SmtpRound()
        connections = [ActiveConnection(connection=self.idle.pop(), message=message) for message in messages]
        self.busy_count += len(connections)
        written = self._connections_after(ActiveConnection.offer, connections, NOT_TAKEN, current)
        current.offered = self._offered_connections(written, current)
        return current

    def deliver_messages(self, handovers: list[ActiveConnection]) -> SmtpRound:
        """DATA and the messages. Before the final dot a broken connection means *not accepted*; after it, *unknown*."""
        current = SmtpRound()
        started = self._connections_after(
            lambda active: active.connection.start_data(), handovers, "temporary", current
        )
        ready = self._accepted_connections(
            lambda active: active.connection.read_data_refusal(), started, "temporary", current
        )
        written = self._connections_after(ActiveConnection.send_body, ready, "temporary", current)
        answered = [active for active in written if self._read_outcome(active, current)]
        following = self._connections_after(ActiveConnection.start_following, answered, NOT_TAKEN, current)
        current.offered = self._offered_connections(following, current)
        return current

    def abandon_handovers(self, handovers: list[ActiveConnection]) -> None:
        """Close the connections of messages that may not be sent after all, since RCPT was said on them."""
        for active in handovers:
            self._close(active, SmtpRound())

    def close(self) -> None:
        """Say good-bye on every idle connection."""
        for connection in self.idle:
            connection.quit()
        self.idle = []

    def _connections_after(
        self, step: ConnectionStep, connections: list[ActiveConnection], broken_means: str, current: SmtpRound
    ) -> list[ActiveConnection]:
        """The connections that the step has not broken."""
        return [active for active in connections if self._take_step(active, step, broken_means, current) is not BROKEN]

    def _offered_connections(self, connections: list[ActiveConnection], current: SmtpRound) -> list[ActiveConnection]:
        return self._accepted_connections(
            lambda active: active.connection.read_offer_refusal(), connections, NOT_TAKEN, current
        )

    def _accepted_connections(
        self, step: ConnectionStep, connections: list[ActiveConnection], broken_means: str, current: SmtpRound
    ) -> list[ActiveConnection]:
        """The connections on which the server goes along; a refusal is its message's outcome."""
        accepted = []
        for active in connections:
            refusal = self._take_step(active, step, broken_means, current)
            if refusal is None:
                accepted.append(active)
            elif refusal is not BROKEN and self._is_open_after(active, refusal, current):
                self._return_to_idle(active, current)
        return accepted

    def _read_outcome(self, active: ActiveConnection, current: SmtpRound) -> bool:
        """Note the message's outcome; True if a following one is to be offered now."""
        reply = self._take_step(active, lambda active: active.connection.read_final_reply(), "unknown", current)
        if reply is BROKEN:
            return False
        if reply.code == 250:
            current.outcomes.append(DeliveryOutcome(active.message, "accepted", str(reply)))
        elif not self._is_open_after(active, reply, current):
            return False
        if active.following is None:
            self._return_to_idle(active, current)
        return active.following is not None

    def _take_step(self, active: ActiveConnection, step: ConnectionStep, broken_means: str, current: SmtpRound) -> Any:
        """The step's answer, or BROKEN: then the message has its outcome, or the server has not seen it."""
        try:
            return step(active)
        except SmtpConnectionLost as error:
            if broken_means == NOT_TAKEN and active.connection.is_used:
                # Servers end connections after so many messages: that says nothing against this one.
                current.unseen_messages.append(active.message)
            else:
                kind = "temporary" if broken_means == NOT_TAKEN else broken_means
                current.outcomes.append(DeliveryOutcome(active.message, kind, str(error)))
            self._close(active, current)
            return BROKEN

    def _is_open_after(self, active: ActiveConnection, refusal: SmtpReply, current: SmtpRound) -> bool:
        """Note a refusal; False where the server says good-bye with it."""
        kind = server_replies.reply_meaning(refusal.code, refusal.text, about_sender=refusal.is_about_sender)
        if kind == "closing":
            self.goodbye_text = str(refusal)
            current.outcomes.append(DeliveryOutcome(active.message, "temporary", str(refusal)))
            self._close(active, current)
            return False
        kind = "refused" if kind == "accepted" else kind
        current.outcomes.append(DeliveryOutcome(active.message, kind, str(refusal)))
        return True

    def _return_to_idle(self, active: ActiveConnection, current: SmtpRound) -> None:
        self.busy_count -= 1
        self.idle.append(active.connection)
        current.unseen_messages += active.not_offered

    def _close(self, active: ActiveConnection, current: SmtpRound) -> None:
        self.busy_count -= 1
        active.connection.close()
        current.unseen_messages += active.not_offered
