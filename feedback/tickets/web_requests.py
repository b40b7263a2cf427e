"""Requests of the public form: the same form posted twice (a double click, a reloaded page) opens one ticket."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from crm.kernel import company
from crm.kernel.http import rate_limits
from customers.messaging import address_locks, addresses
from customers.messaging.choices import MessageChannel
from feedback.tickets import services
from feedback.tickets.models import Ticket
from feedback.tickets.rules import UNSOLVED
from feedback.tickets.services import TicketRequest
from feedback.tickets.settings import TicketSettings
from feedback.tickets.ticket_messages import stored_body, words_digest

HOUR = 3600


class SameRequestAsked(Exception):
    """This address has asked just this within a day, on another page: its ticket is shown to whoever has the link."""


@dataclass(frozen=True)
class WebRequest:
    """The ticket of a posted form, and whether it was opened by this post."""

    ticket: Ticket
    is_new: bool


@transaction.atomic
def open_web_request(*, request: TicketRequest, once: str, at: datetime) -> WebRequest:
    """Open the ticket of a posted form and confirm it. The same page (`once`) with the same words gives the ticket again.

    The same words of the same address from elsewhere open nothing while that ticket is unsolved: SameRequestAsked.
    """
    digest = addresses.address_digest(MessageChannel.EMAIL, request.contact_email)
    address_locks.lock_addresses_exclusively([digest])
    source = ("form", words_digest(once, request.contact_email, request.subject, request.body)) if once else ("", "")
    if once and (known := Ticket.objects.filter(source_type=source[0], source_id=source[1]).first()):
        return WebRequest(known, is_new=False)
    if _is_asked_already(request, at):
        raise SameRequestAsked
    ticket = services.open_ticket(request=replace(request, source=source), at=at)
    services.acknowledge_ticket(ticket=ticket, at=at)
    return WebRequest(ticket, is_new=True)


def may_ask(*, email: str, network: str) -> bool:
    """Count one more request; False for a person (an address behind a connection) or a connection that asks too much.

    A shop or an office shares one connection, so that its limit is a high one.
    """
    limits = company.get_settings(TicketSettings)
    person = f"{network} {email.strip().lower()}"
    by_person = rate_limits.allow_attempt("help", f"person:{person}", times=limits.requests_per_hour, seconds=HOUR)
    by_network = rate_limits.allow_attempt(
        "help", f"network:{network}", times=limits.requests_per_hour_and_network, seconds=HOUR
    )
    return by_person and by_network


def _is_asked_already(request: TicketRequest, at: datetime) -> bool:
    asked = Ticket.objects.filter(
        contact_email__lower=request.contact_email.lower(),
        opened_at__gt=at - services.DAY,
        state__in=UNSOLVED,
        subject=services.stored_subject(request.subject),
        messages__body=stored_body(request.body),
    )
    return asked.exists()
