"""The requests of the last days: some in every state, so that each view of the workspace has work in it."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.kernel.ui import languages
from crm.tools.demo import dialogues
from crm.tools.demo.example_staff import ExampleStaff
from crm.tools.demo.ticket_history import TICKET_CHANNELS, ExampleCase, move_case
from customers.orders.models import Order
from feedback.tickets.choices import MessageAuthor, TicketState
from feedback.tickets.models import Ticket

# What became of them so far, in turn.
TICKET_FATES = ("new", "answered", "taken", "waits", "new", "again", "held", "solved")
RECENT_DAYS = timedelta(days=5)


def draw_recent_cases(
    *, orders: Sequence[Order], dice: random.Random, staff: ExampleStaff, now: datetime
) -> list[ExampleCase]:
    """One request for each of these orders, opened within the last days."""
    cases = []
    for turn, order in enumerate(orders):
        opened_at = now - timedelta(hours=dice.randrange(30, 110), minutes=dice.randrange(60))
        cases.append(_draw_case(order, TICKET_FATES[turn % len(TICKET_FATES)], dice, staff, opened_at))
    return cases


def _draw_case(order: Order, fate: str, dice: random.Random, staff: ExampleStaff, opened_at: datetime) -> ExampleCase:
    topic: dict[str, Any] = dice.choice(dialogues.TICKET_DIALOGUES)
    subject, asked, answered, thanked, noted = topic[languages.match_language(order.customer.language)]
    by = staff[dice.choice(("service", "service2"))]
    ticket = Ticket(
        customer=order.customer, language=languages.match_language(order.customer.language), team=staff.teams["service"],
        opened_at=opened_at, last_message_at=opened_at, waiting_since=opened_at, order=order, subject=subject,
        channel=dice.choice(TICKET_CHANNELS), tags=[topic["tag"]], priority=dice.choice((1, 2, 2, 2, 3, 4)),
    )  # fmt: skip
    case = ExampleCase(ticket, [(MessageAuthor.CUSTOMER, asked, opened_at)], [], by)
    if fate == "new":
        return case
    ticket.assignee = by
    if fate == "taken":
        move_case(case, TicketState.OPEN, opened_at + timedelta(minutes=40))
        return case
    _answer_case(case, answered, noted, opened_at + timedelta(hours=dice.randrange(1, 20)))
    later = opened_at + timedelta(hours=dice.randrange(21, 28))
    if fate == "held":
        move_case(case, TicketState.ON_HOLD, later)
    elif fate in ("again", "solved"):
        case.said.append((MessageAuthor.CUSTOMER, thanked, later))
        move_case(case, TicketState.OPEN, later)
        ticket.waiting_since = later
        if fate == "solved":
            move_case(case, TicketState.SOLVED, later + timedelta(minutes=30))
            ticket.solved_at, ticket.solves, ticket.waiting_since = later + timedelta(minutes=30), 1, None
    return case


def _answer_case(case: ExampleCase, words: str, noted: str, at: datetime) -> None:
    case.ticket.first_replied_at, case.ticket.waiting_since = at, None
    case.said.append((MessageAuthor.STAFF, words, at))
    move_case(case, TicketState.PENDING, at)
    if noted:
        case.said.append(("note", noted, at + timedelta(minutes=4)))
