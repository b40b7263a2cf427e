"""Moving a ticket on: who has it, how urgent it is, where it stands."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.auth.models import Team, User
from crm.kernel.background import events
from customers.profiles import services as customers
from customers.profiles.models import Customer
from feedback.tickets import history, rules
from feedback.tickets.choices import MessageAuthor, TicketChange, TicketPriority, TicketState
from feedback.tickets.events import TicketReopened, TicketsClosed, TicketSolved
from feedback.tickets.models import Ticket
from feedback.tickets.settings import TicketSettings

TICKETS_PER_RUN = 500


class TicketMoveRefused(Exception):
    """The ticket may not go there from where it stands; the message says so."""


@transaction.atomic
def assign_ticket(
    *, ticket: Ticket, assignee: User | None, by: User | None, at: datetime, team: Team | None = None
) -> Ticket:
    """Give the ticket to a person (and to a team), or back to everybody; giving it to who has it changes nothing."""
    ticket = history.lock_ticket(ticket)
    team = team or (assignee.team if assignee is not None else None) or ticket.team
    if (ticket.assignee, ticket.team) == (assignee, team):
        return ticket
    before = ticket.assignee or ""
    ticket.assignee, ticket.team = assignee, team
    ticket.save(update_fields=["assignee", "team"])
    history.record_change(ticket, TicketChange.ASSIGNED, at, before=before, after=assignee or "", by=by)
    return ticket


@transaction.atomic
def change_priority(*, ticket: Ticket, priority: int, by: User, at: datetime) -> Ticket:
    """Make the ticket more or less urgent."""
    ticket = history.lock_ticket(ticket)
    before, wanted = ticket.priority, TicketPriority(priority)
    if before != wanted:
        ticket.priority = wanted
        ticket.save(update_fields=["priority"])
        history.record_change(ticket, TicketChange.PRIORITY, at, before=before, after=wanted.value, by=by)
    return ticket


@transaction.atomic
def change_ticket_state(*, ticket: Ticket, state: str, by: User, at: datetime) -> Ticket:
    """Put the ticket into another state; what the rules do not allow is refused with NotAllowed."""
    ticket = history.lock_ticket(ticket)
    if ticket.state == state:
        return ticket
    if not rules.may_change_state(ticket.state, state):
        words = {"before": ticket.get_state_display(), "after": TicketState(state).label}
        raise TicketMoveRefused(_("A ticket cannot go from “%(before)s” to “%(after)s”.") % words)
    before = ticket.state
    history.write_ticket_state(ticket, state, at, by=by)
    if state == TicketState.SOLVED:
        announce_solved(ticket, at, by)
    elif before == TicketState.SOLVED and state == TicketState.OPEN:
        announce_reopened(ticket, at, MessageAuthor.STAFF, by)
    return ticket


def solve_ticket(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """The request is done with."""
    return change_ticket_state(ticket=ticket, state=TicketState.SOLVED, by=by, at=at)


@transaction.atomic
def link_customer(*, ticket: Ticket, customer: Customer, by: User, at: datetime) -> Ticket:
    """Say whose ticket it is, where somebody wrote whom we did not know; a known customer is never replaced."""
    if ticket.customer_id is not None:
        raise TicketMoveRefused(_("This ticket has its customer already."))
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    ticket = history.lock_ticket(ticket)
    ticket.customer = customer
    ticket.save(update_fields=["customer"])
    history.record_change(ticket, TicketChange.CUSTOMER, at, after=customer.public_id, by=by)
    history.write_timeline_line(ticket, "ticket_opened", ticket.opened_at)
    history.push_open_ticket_count(ticket, at)
    return ticket


@transaction.atomic
def create_ticket_customer(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """A stranger becomes a customer with the name and address that he gave; from now on he is written to by mail.

    Refused with NotAllowed where a customer uses the address already: staff then say whether it is this one.
    """
    email = ticket.contact_email
    if not email:
        raise TicketMoveRefused(_("There is no e-mail address to add."))
    if Customer.objects.current().filter(email__lower=email.lower()).exists():
        raise TicketMoveRefused(_("A customer uses this address already."))
    customer = customers.create_customer(
        display_name=ticket.contact_name or email, email=email, language=ticket.language, source="help", at=at, by=by
    )
    return link_customer(ticket=ticket, customer=customer, by=by, at=at)


@transaction.atomic
def close_solved_tickets(*, at: datetime) -> int:
    """Close what stood solved for its days; nobody is asked or told. Returns how many."""
    limit = at - timedelta(days=company.get_settings(TicketSettings).close_after_days)
    due = Ticket.objects.filter(state=TicketState.SOLVED, solved_at__lte=limit).order_by("pk")
    tickets = list(due.select_for_update(no_key=True, skip_locked=True)[:TICKETS_PER_RUN])
    for ticket in tickets:
        history.write_ticket_state(ticket, TicketState.CLOSED, at)
    events.announce_event(TicketsClosed(ids=[ticket.pk for ticket in tickets], at=at))
    return len(tickets)


def announce_solved(ticket: Ticket, at: datetime, by: Any) -> None:
    """Tell whoever listens that a ticket was solved, and for which time."""
    history.write_timeline_line(ticket, "ticket_solved", at, by)
    events.announce_event(TicketSolved(ids=[ticket.pk], at=at, solve=ticket.solves, user=getattr(by, "pk", None)))


def announce_reopened(ticket: Ticket, at: datetime, author: str, by: Any = None) -> None:
    """Tell whoever listens that a solved ticket is open again."""
    history.write_timeline_line(ticket, "ticket_reopened", at, by)
    events.announce_event(TicketReopened(ids=[ticket.pk], at=at, by=str(author)))
