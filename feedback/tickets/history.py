"""A ticket's history: what every change writes (entry, timeline, count of open tickets), and an entry in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.ui import languages
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.tickets.choices import MessageAuthor, TicketChange, TicketPriority, TicketState
from feedback.tickets.models import Ticket, TicketEvent


def lock_ticket(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends; its customer is locked before it, as everywhere."""
    if ticket.customer_id:
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=ticket.customer_id)
    tickets = Ticket.objects.select_related("customer", "assignee", "team")
    return tickets.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)


def record_change(
    ticket: Ticket,
    change: TicketChange,
    at: datetime,
    *,
    before: Any = "",
    after: Any = "",
    by: User | None = None,
    author: str = "",
    **data: Any,
) -> None:
    """One entry of the history, and of the audit log where staff changed it; `author` says who did it if not staff."""
    author = author or (MessageAuthor.STAFF if by is not None else MessageAuthor.SYSTEM)
    TicketEvent.objects.create(
        ticket=ticket, change=change, before=str(before), after=str(after), data=data, user=by, author=author, at=at
    )
    if by is not None:
        audit.record_audit_entry(
            f"ticket.{change}", ticket, by=by, before={change.value: str(before)}, after={change.value: str(after)}
        )


def write_timeline_line(ticket: Ticket, kind: str, at: datetime, by: User | None = None, text: str = "") -> None:
    """A line on the customer's timeline, where the customer is known."""
    if ticket.customer_id:
        data = {"number": ticket.number, "subject": ticket.subject, "text": text[:500]}
        actor = by.pk if by else None
        timeline.write_timeline(
            [timeline.NewTimelineEntry(ticket.customer_id, kind, at, data, "ticket", ticket.public_id, actor)]
        )


def push_open_ticket_count(ticket: Ticket, at: datetime) -> None:
    """The customer's fact `open_tickets` says how many are not solved."""
    if ticket.customer_id:
        waiting = Ticket.objects.unsolved().filter(customer=ticket.customer_id).count()
        facts.push_facts("open_tickets", {ticket.customer_id: ("", waiting)}, at)


def write_ticket_state(
    ticket: Ticket, state: str, at: datetime, *, by: User | None = None, author: str = "", **data: Any
) -> None:
    """Write a state that the rules allow, with its times, its entry in the history and the count of open tickets."""
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


def history_line(event: TicketEvent) -> str:
    """An entry in the reader's words; empty for what needs none."""
    return {
        TicketChange.OPENED: _opened_text,
        TicketChange.STATE: _state_text,
        TicketChange.ASSIGNED: _assigned_text,
        TicketChange.PRIORITY: _priority_text,
        TicketChange.CUSTOMER: _customer_text,
    }[TicketChange(event.change)](event)


def _event_words(event: TicketEvent, **more: Any) -> dict[str, Any]:
    return {"person": event.user, **more}


def _opened_text(event: TicketEvent) -> str:
    if "score" in event.data:
        words = languages.pick_text(event.data["score"], get_language() or "en")
        return _("Opened because of a low score: %(score)s") % {"score": words}
    if "after_ticket" in event.data:
        return _("Follows the closed ticket %(number)s") % {"number": event.data["after_ticket"]}
    return _("Opened by %(person)s") % _event_words(event) if event.user else ""


def _state_text(event: TicketEvent) -> str:
    if event.data.get("by_reply") and event.after != TicketState.SOLVED:
        return ""
    if event.after == TicketState.SOLVED:
        return _("Solved by %(person)s") % _event_words(event) if event.user else _("Solved")
    if event.after == TicketState.CLOSED:
        return _("Closed")
    if event.author == MessageAuthor.CUSTOMER:
        return _("The customer wrote: open again") if event.before == TicketState.SOLVED else ""
    return _("%(state)s, says %(person)s") % _event_words(event, state=TicketState(event.after).label)


def _assigned_text(event: TicketEvent) -> str:
    if not event.after:
        return _("Given back to everybody by %(person)s") % _event_words(event)
    if event.after == str(event.user):
        return _("Taken by %(person)s") % _event_words(event)
    return _("Given to %(other)s by %(person)s") % _event_words(event, other=event.after)


def _priority_text(event: TicketEvent) -> str:
    return _("Priority %(priority)s, says %(person)s") % _event_words(
        event, priority=TicketPriority(int(event.after)).label
    )


def _customer_text(event: TicketEvent) -> str:
    return _("%(person)s said whose ticket this is") % _event_words(event)
