"""Opening a ticket, and the words that are kept in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.auth.models import Team, User
from crm.kernel.background import events
from crm.kernel.ui import languages
from customers.orders.models import Order
from customers.profiles import facts
from customers.profiles.models import Customer
from feedback.tickets import emails, history, rules
from feedback.tickets.choices import MessageAuthor, MessageKind, TicketChange, TicketChannel, TicketPriority
from feedback.tickets.events import TicketOpened
from feedback.tickets.models import Message, Ticket

LONGEST_BODY = 20_000
ACKNOWLEDGED_A_DAY = 3
DAY = timedelta(days=1)
EXTERNAL_CHANNELS = (
    TicketChannel.FORM,
    TicketChannel.PORTAL,
    TicketChannel.EMAIL,
    TicketChannel.CHAT,
    TicketChannel.API,
)


class EmptyMessage(ValueError):
    """A message without words."""


@dataclass(frozen=True)
class TicketRequest:
    """What somebody wants: by whom, about what, by which way, and from where it arose."""

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
    """A new ticket with its first message. The same source opens one ticket only: the one there is comes back.

    The customer's service level raises the priority. `reason` is kept in the history: why the product opened it.
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
        subject=_clean_text(request.subject).replace("\n", " ")[:200] or _("No subject"),
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
    """Tell the person by mail that the request has arrived: once per ticket and thrice a day per address (FT-1)."""
    address = emails.reply_recipient(ticket)
    if not address:
        return False
    same = Q(customer=ticket.customer_id) | Q(contact_email__lower=address.lower())
    lately = Ticket.objects.filter(same, opened_at__gt=at - DAY, channel__in=EXTERNAL_CHANNELS).exclude(pk=ticket.pk)
    if lately.count() >= ACKNOWLEDGED_A_DAY:
        return False
    return bool(emails.send_receipt_mail(ticket=ticket, at=at))


def add_message(
    ticket: Ticket,
    body: str,
    channel: str,
    author: str,
    at: datetime,
    *,
    user: User | None = None,
    kind: str = MessageKind.PUBLIC,
    message_id: str = "",
) -> Message:
    """Keep a message; nothing said is refused."""
    body = _clean_text(body)[:LONGEST_BODY]
    if not body:
        raise EmptyMessage(_("Write something first."))
    message = Message.objects.create(
        ticket=ticket, kind=kind, channel=channel, author=author, user=user, body=body, at=at, message_id=message_id
    )
    if ticket.last_message_at != at:
        ticket.last_message_at = at
        ticket.save(update_fields=["last_message_at"])
    return message


def _service_level(customer: Customer | None) -> int:
    if customer is None:
        return 0
    fact = facts.facts_by_customer([customer.pk], "service_level").get(customer.pk, {}).get("service_level")
    return int(fact.number or 0) if fact else 0


def _clean_text(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
