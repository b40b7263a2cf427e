"""What messaging announces."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(DomainEvent, name="consent_changed"):
    """Customers gave or withdrew consent; `ids` are customers."""

    source: str


@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(DomainEvent, name="address_suppressed"):
    """An address gets nothing more that the reason covers; `ids` are suppressions."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class MessagesAccepted(DomainEvent, name="messages_accepted"):
    """A mail server has accepted messages, some hundreds at a time; `ids` are outbound messages.

    A worker that is killed between accepting and announcing tells nobody: who must not miss one reads the rows.
    """
