"""How claimed messages leave, whatever the channel: in rounds, each message with an outcome of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:  # the outbox asks the channels, not the other way round
    from customers.messaging.outbox.claims import ClaimedMessage
    from customers.messaging.rules import ChannelPolicy


class ServerUnreachable(Exception):
    """No connection can be made; the message says what the server answered."""


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of a message; kind: accepted, temporary, limited, ours, refused, bounced, unknown, unreadable.

    *limited* (too much at once) and *ours* (the server refuses us, not the recipient) are tried again like *temporary*;
    many of them, of *refused* or of *bounced* in a row brake the run.
    """

    message: ClaimedMessage
    kind: str
    reply: str = ""


@dataclass(kw_only=True)
class Handover:
    """A message that the server would take next, and the one that comes after it."""

    message: ClaimedMessage
    following: ClaimedMessage | None = None

    @property
    def not_offered(self) -> list[ClaimedMessage]:
        return [self.following] if self.following else []


HandoverT = TypeVar("HandoverT", bound=Handover)


@dataclass
class DeliveryRound(Generic[HandoverT]):
    """The result of a round: outcomes, handovers that the server waits for, messages that it never saw."""

    outcomes: list[DeliveryOutcome] = field(default_factory=list)
    offered: list[HandoverT] = field(default_factory=list)
    unseen_messages: list[ClaimedMessage] = field(default_factory=list)


class MessageTransport(Protocol[HandoverT]):
    """The way to one server, for one worker and one run. Nothing of it is called inside a transaction.

    `goodbye_text` is the reply by which the server ended the talk; then nothing more is offered.
    """

    goodbye_text: str

    def open_connections(self, message_count: int) -> int:
        """How many of so many messages can be offered now. Raises ServerUnreachable where there is no connection at all."""

    def offer_messages(self, messages: list[ClaimedMessage]) -> DeliveryRound[HandoverT]:
        """Everything before the text leaves. A message that is not offered has its outcome or is unseen."""

    def deliver_messages(self, handovers: list[HandoverT]) -> DeliveryRound[HandoverT]:
        """The messages leave: `data_started` is committed. A break before the server can have one is `temporary`, after it
        `unknown`. What is `following` comes back offered, unseen or with its outcome."""

    def abandon_handovers(self, handovers: list[HandoverT]) -> None:
        """These may not be sent after all."""

    def close(self) -> None:
        """End of the run."""


class MessageSealer(Protocol):
    """Makes what a channel sends of a message; the company's settings are read once for a whole claim."""

    policy: ChannelPolicy

    def seal_message(self, message: ClaimedMessage) -> None:
        """Set `raw` and the envelope. Raises ValueError where the message cannot be written."""


class ChannelDelivery(Protocol):
    """How messages of a channel leave."""

    def open_transport(self) -> MessageTransport[Any]:
        """For one run of a worker."""

    def create_sealer(self) -> MessageSealer:
        """For one claim."""
