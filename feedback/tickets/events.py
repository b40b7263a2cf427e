"""What tickets announce; `ids` are tickets."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TicketOpened(DomainEvent, name="ticket_opened"):
    """A new ticket, whoever opened it."""

    channel: str
    priority: int


@dataclass(frozen=True, kw_only=True)
class TicketReplied(DomainEvent, name="ticket_replied"):
    """Staff answered the customer: the message, and the user who wrote it."""

    message: int
    user: int


@dataclass(frozen=True, kw_only=True)
class TicketSolved(DomainEvent, name="ticket_solved"):
    """A ticket was solved, for the first or a later time; `user` is empty where a rule solved it."""

    solve: int
    user: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketReopened(DomainEvent, name="ticket_reopened"):
    """A solved ticket is open again: by the customer or by staff."""

    by: str


@dataclass(frozen=True, kw_only=True)
class TicketsClosed(DomainEvent, name="ticket_closed"):
    """Tickets were closed for good."""
