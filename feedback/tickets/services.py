"""Every change of a ticket: opened, answered, noted, assigned, moved to another state, closed.

What each change leaves behind (history, timeline, count of open tickets) stands in `history`, a customer's further word
in `receiving`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth.models import Team, User
from crm.kernel.background import events
from crm.kernel.ui import languages
from customers.orders.models import Order
from customers.profiles import facts, match_locks
from customers.profiles import services as customers
from customers.profiles.models import Customer
from feedback.tickets import emails, history, reply_delivery, rules, selectors
from feedback.tickets.choices import (
    MessageAuthor,
    MessageKind,
    TicketChange,
    TicketChannel,
    TicketPriority,
    TicketState,
)
from feedback.tickets.events import TicketOpened, TicketReopened, TicketReplied, TicketsClosed, TicketSolved
from feedback.tickets.models import Message, Ticket
from feedback.tickets.settings import TicketSettings
from feedback.tickets.ticket_messages import add_message, clean_text, words_digest

DAY = timedelta(days=1)
CLOSED_PER_RUN = 500


class TicketClosed(Exception):
    """A closed ticket cannot be answered; the message says so."""


class ReplyOvertaken(Exception):
    """Somebody wrote meanwhile: the reply is held back and what is new is shown."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__(_("Somebody wrote meanwhile. Read the new message, then send your reply."))
        self.messages = messages


class ReplyNotUnsent(Exception):
    """The reply needs no second mail; the message says why."""


class TicketMoveRefused(Exception):
    """The ticket cannot be changed this way; the message says why."""


@dataclass(frozen=True)
class TicketRequest:
    """A request before it is a ticket: who wants what, by which channel, and what gave rise to it.

    `source` is a type and a public id: the same source opens one ticket only.
    """

    subject: str
    body: str
    channel: str
    customer: Customer | None = None
    contact_name: str = ""
    contact_email: str = ""
    language: str = ""
    priority: int = TicketPriority.NORMAL
    assignee: User | None = None
    team: Team | None = None
    order: Order | None = None
    tags: list[str] = field(default_factory=list)
    source: tuple[str, str] = ("", "")
    author: str = MessageAuthor.CUSTOMER


@transaction.atomic
def open_ticket(
    *, request: TicketRequest, at: datetime, by: User | None = None, reason: dict[str, Any] | None = None
) -> Ticket:
    """A new ticket with its first message, or the ticket that the same source opened before.

    The customer's service level raises the priority. `reason` goes into the history: why the product opened it.
    A request without words is refused with EmptyMessage.
    """
    customer = request.customer
    if customer is not None:
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer.pk)
    if request.source[1]:
        known = Ticket.objects.filter(source_type=request.source[0], source_id=request.source[1]).first()
        if known is not None:
            return known
    ticket = Ticket.objects.create(
        customer=customer,
        contact_name=request.contact_name,
        contact_email=request.contact_email,
        subject=stored_subject(request.subject),
        priority=rules.opening_priority(request.priority, _service_level(customer)),
        assignee=request.assignee,
        team=request.team
        or (request.assignee.team if request.assignee else None)
        or (customer.team if customer else None),
        channel=request.channel,
        language=languages.match_language(request.language or (customer.language if customer else "")),
        tags=request.tags,
        order=request.order,
        source_type=request.source[0],
        source_id=request.source[1],
        opened_at=at,
        last_message_at=at,
        waiting_since=at,
        unread_at=at if by is None else None,
    )
    add_message(
        ticket,
        request.body,
        request.channel,
        request.author,
        at,
        user=by if request.author == MessageAuthor.STAFF else None,
    )
    history.record_change(
        ticket,
        TicketChange.OPENED,
        at,
        after=ticket.state,
        by=by,
        author="" if by else request.author,
        **(reason or {}),
    )
    history.write_timeline_line(ticket, "ticket_opened", at, by, request.body)
    history.push_open_ticket_count(ticket, at)
    events.announce_event(TicketOpened(ids=[ticket.pk], at=at, channel=ticket.channel, priority=ticket.priority))
    return ticket


@transaction.atomic
def acknowledge_ticket(*, ticket: Ticket, at: datetime) -> bool:
    """Confirm a customer's request by mail: once per ticket and three times a day per address (FT-1).

    Returns whether a mail goes out. A stranger's is confirmed by `stranger_mails`, once the ticket is committed.
    """
    address = emails.reply_recipient(ticket)
    if not address:
        return False
    if not selectors.may_be_acknowledged(ticket, address, at):
        return False
    return bool(emails.send_receipt_mail(ticket=ticket, at=at))


@transaction.atomic
def reply_to_ticket(
    *, ticket: Ticket, body: str, by: User, at: datetime, seen: int | None = None, solve: bool = False
) -> Message:
    """Answer the customer in public: the words go out by mail, and the ticket is pending, or solved.

    `seen` is the last message that the writer had read: if a public one came after it, the reply is refused with
    ReplyOvertaken. A closed ticket is refused with TicketClosed. A ticket without assignee is the writer's now.
    """
    ticket = history.lock_ticket(ticket)
    if ticket.state == TicketState.CLOSED:
        raise TicketClosed(_("This ticket is closed. Open a new one to write to the customer."))
    if seen is not None and (newer := list(selectors.public_messages(ticket).filter(pk__gt=seen))):
        raise ReplyOvertaken(newer)
    message = add_message(ticket, body, _reply_channel(ticket), MessageAuthor.STAFF, at, user=by)
    thread = selectors.earlier_message_ids(message)
    message.message_id = emails.send_reply_mail(ticket=ticket, message=message, thread=thread, at=at)
    message.save(update_fields=["message_id"])
    if ticket.assignee is None:
        assign_ticket(ticket=ticket, assignee=by, by=by, at=at)
        ticket.refresh_from_db(fields=["assignee", "team"])
    ticket.waiting_since, ticket.unread_at, ticket.first_replied_at = None, None, ticket.first_replied_at or at
    ticket.save(update_fields=["waiting_since", "unread_at", "first_replied_at"])
    history.write_timeline_line(ticket, "ticket_replied", at, by, body)
    events.announce_event(TicketReplied(ids=[ticket.pk], at=at, message=message.pk, user=by.pk))
    _change_state_after_reply(ticket, TicketState.SOLVED if solve else rules.state_after_reply(ticket.state), at, by)
    return message


@transaction.atomic
def resend_reply(*, message: Message, by: User, at: datetime) -> Message:
    """Mail a reply again that did not go out, to the address as it now is; the governor decides anew.

    Refused with ReplyNotUnsent where it has gone out, is on its way, or is no reply by mail.
    """
    ticket = history.lock_ticket(message.ticket)
    message = ticket.messages.select_related("ticket").get(pk=message.pk)
    if not reply_delivery.is_reply_unsent(message):
        raise ReplyNotUnsent(_("This reply was sent already, or is on its way."))
    thread = selectors.earlier_message_ids(message)
    message.message_id = emails.send_reply_mail(
        ticket=ticket, message=message, thread=thread, at=at, again=words_digest(message.message_id)
    )
    message.save(update_fields=["message_id"])
    audit.record_audit_entry("ticket.resent", ticket, by=by, after={"message": message.public_id})
    return message


def mark_ticket_read(*, ticket: Ticket, by: User) -> None:
    """What the customer wrote has been seen, if the reader is who must see it: the assignee, or anybody while there is none."""
    if ticket.unread_at is not None and ticket.assignee_id in (None, by.pk):
        Ticket.objects.filter(pk=ticket.pk, unread_at__lte=ticket.unread_at).update(unread_at=None)


def stored_subject(text: str) -> str:
    """A subject as a ticket keeps it: one line."""
    return clean_text(text).replace("\n", " ")[:200] or _("No subject")


@transaction.atomic
def add_note(*, ticket: Ticket, body: str, by: User, at: datetime) -> Message:
    """A note for staff: the customer never sees it, and the state stays."""
    ticket = history.lock_ticket(ticket)
    return add_message(ticket, body, ticket.channel, MessageAuthor.STAFF, at, user=by, kind=MessageKind.NOTE)


@transaction.atomic
def assign_ticket(
    *, ticket: Ticket, assignee: User | None, by: User | None, at: datetime, team: Team | None = None
) -> Ticket:
    """The ticket is this user's (and their team's, or `team`'s), or nobody's; to assign it as it is changes nothing.

    Who takes a ticket has read it.
    """
    ticket = history.lock_ticket(ticket)
    team = team or (assignee.team if assignee is not None else None) or ticket.team
    if (ticket.assignee, ticket.team) == (assignee, team):
        return ticket
    before = ticket.assignee or ""
    ticket.assignee, ticket.team = assignee, team
    if assignee is not None and assignee == by:
        ticket.unread_at = None
    ticket.save(update_fields=["assignee", "team", "unread_at"])
    history.record_change(ticket, TicketChange.ASSIGNED, at, before=before, after=assignee or "", by=by)
    return ticket


@transaction.atomic
def change_priority(*, ticket: Ticket, priority: int, by: User, at: datetime) -> Ticket:
    """The ticket has this priority; the one it has already changes nothing."""
    ticket = history.lock_ticket(ticket)
    before, after = ticket.priority, TicketPriority(priority)
    if before != after:
        ticket.priority = after
        ticket.save(update_fields=["priority"])
        history.record_change(ticket, TicketChange.PRIORITY, at, before=before, after=after.value, by=by)
    return ticket


@transaction.atomic
def change_ticket_state(*, ticket: Ticket, state: str, by: User, at: datetime) -> Ticket:
    """Put the ticket into another state; what `rules.NEXT_STATES` does not allow is refused with TicketMoveRefused."""
    ticket = history.lock_ticket(ticket)
    if ticket.state == state:
        return ticket
    if not rules.may_change_state(ticket.state, state):
        words = {"before": ticket.get_state_display(), "after": TicketState(state).label}
        raise TicketMoveRefused(_("A ticket cannot go from “%(before)s” to “%(after)s”.") % words)
    before = ticket.state
    history.write_ticket_state(ticket, state, at, by=by)
    if state == TicketState.SOLVED:
        _announce_solved(ticket, at, by)
    elif before == TicketState.SOLVED and state == TicketState.OPEN:
        announce_reopened(ticket, at, MessageAuthor.STAFF, by)
    return ticket


def solve_ticket(*, ticket: Ticket, by: User, at: datetime) -> Ticket:
    """Put the ticket into the state solved."""
    return change_ticket_state(ticket=ticket, state=TicketState.SOLVED, by=by, at=at)


@transaction.atomic
def link_customer(*, ticket: Ticket, customer: Customer, by: User, at: datetime) -> Ticket:
    """Say which customer a stranger's ticket belongs to. A ticket that has a customer is refused with TicketMoveRefused."""
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
    """A stranger becomes a customer with the name and address of the request; from now on replies go out by mail.

    Refused with TicketMoveRefused where a customer uses the address already: staff then say whether it is this one.
    """
    email = ticket.contact_email
    if not email:
        raise TicketMoveRefused(_("There is no e-mail address to add."))
    match_locks.lock_match_keys([email.lower()])
    if Customer.objects.current().filter(email__lower=email.lower()).exists():
        raise TicketMoveRefused(_("A customer uses this address already."))
    customer = customers.create_customer(
        display_name=ticket.contact_name or email, email=email, language=ticket.language, source="help", at=at, by=by
    )
    return link_customer(ticket=ticket, customer=customer, by=by, at=at)


@transaction.atomic
def close_solved_tickets(*, at: datetime) -> int:
    """Close tickets that were solved `close_after_days` ago, without a mail. Returns how many, at most CLOSED_PER_RUN."""
    limit = at - timedelta(days=company.get_settings(TicketSettings).close_after_days)
    due = Ticket.objects.filter(state=TicketState.SOLVED, solved_at__lte=limit).order_by("pk")
    tickets = list(due.select_for_update(no_key=True, skip_locked=True)[:CLOSED_PER_RUN])
    for ticket in tickets:
        history.write_ticket_state(ticket, TicketState.CLOSED, at)
    events.announce_event(TicketsClosed(ids=[ticket.pk for ticket in tickets], at=at))
    return len(tickets)


def announce_reopened(ticket: Ticket, at: datetime, author: str, by: User | None = None) -> None:
    """Tell the timeline and whoever listens that a solved ticket is open again."""
    history.write_timeline_line(ticket, "ticket_reopened", at, by)
    events.announce_event(TicketReopened(ids=[ticket.pk], at=at, by=str(author)))


def _change_state_after_reply(ticket: Ticket, state: str, at: datetime, by: User) -> None:
    if state == ticket.state:
        return
    history.write_ticket_state(ticket, state, at, by=by, by_reply=True)
    if state == TicketState.SOLVED:
        _announce_solved(ticket, at, by)


def _reply_channel(ticket: Ticket) -> str:
    if emails.reply_recipient(ticket):
        return TicketChannel.EMAIL
    return TicketChannel.PORTAL if ticket.channel == TicketChannel.FORM else ticket.channel


def _announce_solved(ticket: Ticket, at: datetime, by: User) -> None:
    history.write_timeline_line(ticket, "ticket_solved", at, by)
    events.announce_event(TicketSolved(ids=[ticket.pk], at=at, solve=ticket.solves, user=by.pk))


def _service_level(customer: Customer | None) -> int:
    if customer is None:
        return 0
    fact = facts.facts_by_customer([customer.pk], "service_level").get(customer.pk, {}).get("service_level")
    return int(fact.number or 0) if fact else 0
