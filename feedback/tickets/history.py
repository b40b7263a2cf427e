"""What every change of a ticket does: lock in order, write the history, count the customer's open tickets."""

from datetime import datetime
from typing import Any

from crm.kernel import audit
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.tickets.choices import MessageAuthor, TicketChange, TicketState
from feedback.tickets.models import Ticket, TicketEvent


def lock_ticket(ticket: Ticket) -> Ticket:
    """The ticket as it is now, held until the transaction ends; its customer is locked before it."""
    if ticket.customer_id:
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=ticket.customer_id)
    found = Ticket.objects.select_related("customer", "assignee", "team").select_for_update(no_key=True, of=("self",))
    return found.get(pk=ticket.pk)


def record_change(
    ticket: Ticket,
    change: TicketChange,
    at: datetime,
    *,
    before: Any = "",
    after: Any = "",
    by: Any = None,
    author: str = "",
    **data: Any,
) -> None:
    """One entry of the history; `author` says who it was where no person of the staff was it."""
    author = author or (MessageAuthor.STAFF if by is not None else MessageAuthor.SYSTEM)
    TicketEvent.objects.create(
        ticket=ticket, change=change, before=str(before), after=str(after), data=data, user=by, author=author, at=at
    )
    if by is not None:
        audit.record_audit_entry(
            f"ticket.{change}", ticket, by=by, before={change.value: str(before)}, after={change.value: str(after)}
        )


def write_timeline_line(ticket: Ticket, kind: str, at: datetime, by: Any = None, text: str = "") -> None:
    """A line on the customer's timeline, where the customer is known."""
    if ticket.customer_id:
        data = {"number": ticket.number, "subject": ticket.subject, "text": text[:500]}
        actor = getattr(by, "pk", None)
        timeline.write_timeline(
            [timeline.NewTimelineEntry(ticket.customer_id, kind, at, data, "ticket", ticket.public_id, actor)]
        )


def push_open_ticket_count(ticket: Ticket, at: datetime) -> None:
    """Push down how many tickets of the customer are not solved."""
    if ticket.customer_id:
        waiting = Ticket.objects.unsolved().filter(customer=ticket.customer_id).count()
        facts.push_facts("open_tickets", {ticket.customer_id: ("", waiting)}, at)


def write_ticket_state(
    ticket: Ticket, state: str, at: datetime, *, by: Any = None, author: str = "", **data: Any
) -> None:
    """Write a state that the rules allow, with its times and its entry in the history."""
    before, ticket.state = ticket.state, state
    if state == TicketState.SOLVED:
        ticket.solved_at, ticket.solves, ticket.waiting_since = at, ticket.solves + 1, None
    elif state == TicketState.CLOSED:
        ticket.closed_at = at
    elif before == TicketState.SOLVED:
        ticket.solved_at = None
    ticket.save(update_fields=["state", "solved_at", "solves", "closed_at", "waiting_since"])
    record_change(ticket, TicketChange.STATE, at, before=before, after=state, by=by, author=author, **data)
    push_open_ticket_count(ticket, at)
