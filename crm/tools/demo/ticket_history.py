"""Requests over the years, in every state, each a conversation in the customer's language; set-based."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.kernel.auth import signed_links
from crm.kernel.db import sql_rows
from crm.kernel.ui import languages
from crm.tools.demo import dialogues, survey_history
from crm.tools.demo.example_staff import Staff
from customers.orders.models import Order
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.loops.choices import Outcome
from feedback.loops.choices import State as FollowUpState
from feedback.loops.models import Ask, FollowUp
from feedback.loops.rules import due_on
from feedback.surveys.choices import Channel as SurveyChannel
from feedback.surveys.choices import State as InvitationState
from feedback.surveys.models import Invitation, Response, Survey
from feedback.tickets.choices import Author, Change, Channel, MessageKind, State
from feedback.tickets.models import Message, Ticket, TicketEvent

CHANNELS = [Channel.FORM, Channel.FORM, Channel.EMAIL, Channel.EMAIL, Channel.PHONE, Channel.CHAT]
SUBJECTS = {"en": "Your answer to “{title}”", "zh-hans": "您对“{title}”的回答", "zh-hant": "您對「{title}」的回覆"}
NO_WORDS = {"en": "(no words)", "zh-hans": "（没有留言）", "zh-hant": "（沒有留言）"}
SORRY = {
    "en": "Thank you for being so frank. I am sorry. May I call you this week to put it in order?",
    "zh-hans": "感谢您的坦率，非常抱歉。这周方便给您打个电话，把这件事处理好吗？",
    "zh-hant": "謝謝您的坦白，非常抱歉。這週方便給您打個電話，把這件事處理好嗎？",
}


@dataclass
class Case:
    """A ticket to be: its row, what was said in it (author, words, when), and how far it came."""

    ticket: Ticket
    said: list[tuple[str, str, datetime]]
    moves: list[tuple[str, str, datetime]]
    by: Any
    response: Response | None = None


def of_orders(*, orders: Sequence[Order], dice: random.Random, staff: Staff, now: datetime) -> list[Case]:
    """Three orders in a hundred lead to a request within a fortnight."""
    chosen = [order for order in orders if order.status != "cancelled" and dice.random() <= 0.022]
    people = Customer.objects.in_bulk({order.customer_id for order in chosen})
    cases = []
    for order in chosen:
        topic = dice.choice(dialogues.REQUESTS)
        customer = people[order.customer_id]
        subject, asked, answered, thanked, noted = topic[languages.best(customer.language)]
        opened_at = order.placed_at + timedelta(days=dice.randrange(1, 14), minutes=dice.randrange(600))
        if opened_at >= now:
            continue
        fields = {"channel": dice.choice(CHANNELS), "tags": [topic["tag"]], "order": order, "subject": subject}
        words = [(Author.CUSTOMER, asked), (Author.STAFF, answered), (Author.CUSTOMER, thanked)]
        cases.append(_case(dice, staff, customer, opened_at, now, words, noted, **fields))
    return cases


def of_answers(*, responses: Sequence[Response], dice: random.Random, staff: Staff, now: datetime) -> list[Case]:
    """Every bad answer is a ticket."""
    cases = []
    bad = Response.objects.filter(pk__in=[r.pk for r in responses], group__in=("detractor", "negative"))
    for response in bad.select_related("customer", "survey").order_by("pk"):
        language = response.language
        title = languages.pick(response.survey.titles, language)
        words = [(Author.CUSTOMER if response.comment else Author.SYSTEM, response.comment or NO_WORDS[language])]
        words.append((Author.STAFF, SORRY[language]))
        fields = {
            "channel": Channel.SURVEY, "tags": [response.group], "priority": 3, "source_type": "survey",
            "source_id": response.public_id, "subject": SUBJECTS[language].format(title=title),
        }  # fmt: skip
        case = _case(dice, staff, response.customer, response.at, now, words, "", **fields)
        case.response = response
        cases.append(case)
    return cases


def _case(
    dice: random.Random, staff: Staff, customer: Any, opened_at: datetime, now: datetime,
    words: Sequence[tuple[str, str]], noted: str, **fields: Any,
) -> Case:  # fmt: skip
    """How far a request has come by now: the old ones are closed, the newest nobody has touched."""
    by = staff[dice.choice(("service", "service2"))]
    ticket = Ticket(
        customer=customer, language=languages.best(customer.language), team=staff.teams["service"], opened_at=opened_at,
        last_message_at=opened_at, waiting_since=opened_at, **fields,
    )  # fmt: skip
    case = Case(ticket, [(words[0][0], words[0][1], opened_at)], [], by)
    replied_at = opened_at + timedelta(hours=dice.randrange(1, 30), minutes=dice.randrange(60))
    age, luck = (now - opened_at).days, dice.random()
    if replied_at >= now or (age < 6 and luck < 0.3):
        if luck < 0.12:
            ticket.assignee = by
            move(case, State.OPEN, opened_at + timedelta(minutes=20))
        return case
    ticket.assignee, ticket.first_replied_at, ticket.waiting_since = by, replied_at, None
    case.said.append((words[1][0], words[1][1], replied_at))
    move(case, State.PENDING, replied_at)
    if noted and luck < 0.5:
        case.said.append(("note", noted, replied_at + timedelta(minutes=4)))
    thanked_at = replied_at + timedelta(hours=dice.randrange(3, 60))
    if age < 16 and (thanked_at >= now or luck < 0.5):
        if luck < 0.18:
            move(case, State.ON_HOLD, replied_at + timedelta(minutes=9))
        return case
    if thanked_at < now and len(words) > 2 and luck < 0.85:
        case.said.append((words[2][0], words[2][1], thanked_at))
        move(case, State.OPEN, thanked_at)
    _solve(case, min(thanked_at + timedelta(hours=2), now), now)
    return case


def _solve(case: Case, at: datetime, now: datetime) -> None:
    move(case, State.SOLVED, at)
    case.ticket.solved_at, case.ticket.solves, case.ticket.waiting_since = at, 1, None
    if now - at > timedelta(days=14):
        closed_at = at + timedelta(days=14)
        move(case, State.CLOSED, closed_at)
        case.ticket.closed_at = closed_at


def move(case: Case, state: str, at: datetime) -> None:
    """One step of a request that is to be."""
    case.moves.append((case.ticket.state, state, at))
    case.ticket.state = state


def write(cases: Sequence[Case], *, dice: random.Random, now: datetime) -> list[Response]:
    """Tickets with messages, history, timeline, follow-ups and the question afterwards; returns the answers to it."""
    cases = sorted(cases, key=lambda case: case.ticket.opened_at)
    for case in cases:
        case.ticket.last_message_at = max(at for _author, _words, at in case.said)
    Ticket.objects.bulk_create([case.ticket for case in cases])
    sql_rows.create(message for case in cases for message in _messages(case))
    sql_rows.create(event for case in cases for event in _history(case))
    timeline.write(line for case in cases for line in _lines(case))
    sql_rows.create(_follow_up(case) for case in cases if case.response)
    return _asked_afterwards(cases, dice, now)


def count_open(now: datetime) -> None:
    """The fact that every ticket service pushes: how many are not solved."""
    counted: dict[int, int] = {}
    for customer_id, state in Ticket.objects.filter(customer__isnull=False).values_list("customer_id", "state"):
        counted[customer_id] = counted.get(customer_id, 0) + (state in ("new", "open", "pending", "on_hold"))
    facts.push("open_tickets", {pk: ("", n) for pk, n in counted.items()}, now)


def _messages(case: Case) -> list[Message]:
    said = []
    for author, words, at in case.said:
        is_staff = author in (Author.STAFF, "note")
        said.append(
            Message(
                ticket=case.ticket,
                kind=MessageKind.NOTE if author == "note" else MessageKind.PUBLIC,
                channel=Channel.EMAIL if author == Author.STAFF else case.ticket.channel,
                author=Author.STAFF if is_staff else author,
                user=case.by if is_staff else None,
                body=words,
                at=at,
            )
        )
    return said


def _history(case: Case) -> list[TicketEvent]:
    ticket = case.ticket
    moves = [
        TicketEvent(ticket=ticket, change=Change.OPENED, after=State.NEW, author=case.said[0][0], at=ticket.opened_at)
    ]
    if ticket.assignee:
        moves.append(
            TicketEvent(
                ticket=ticket,
                change=Change.ASSIGNED,
                after=str(case.by),
                user=case.by,
                author=Author.STAFF,
                at=case.moves[0][2],
            )
        )
    spoken = {(author, at) for author, _words, at in case.said}
    for before, after, at in case.moves:
        by = None if after == State.CLOSED or (Author.CUSTOMER, at) in spoken else case.by
        who = Author.STAFF if by else Author.SYSTEM if after == State.CLOSED else Author.CUSTOMER
        moves.append(
            TicketEvent(ticket=ticket, change=Change.STATE, before=before, after=after, user=by, author=who, at=at)
        )
    return moves


def _lines(case: Case) -> list[timeline.Line]:
    ticket = case.ticket
    told = {"number": ticket.number, "subject": ticket.subject}
    kept = [("ticket_opened", ticket.opened_at, case.said[0][1], None)]
    kept += [("ticket_replied", at, words, case.by.pk) for author, words, at in case.said if author == Author.STAFF]
    kept += [("ticket_solved", at, "", case.by.pk) for _before, after, at in case.moves if after == State.SOLVED]
    return [
        timeline.Line(ticket.customer_id or 0, kind, at, {**told, "text": words}, "ticket", ticket.public_id, actor)
        for kind, at, words, actor in kept
    ]


def _follow_up(case: Case) -> FollowUp:
    ticket, response = case.ticket, case.response
    assert response is not None
    state = FollowUpState.OPEN
    if ticket.state in (State.SOLVED, State.CLOSED):
        state = FollowUpState.WON_BACK if ticket.pk % 3 == 0 else FollowUpState.RESOLVED
    elif ticket.first_replied_at:
        state = FollowUpState.CONTACTED
    return FollowUp(
        response=response, customer_id=response.customer_id, ticket=ticket, owner=ticket.assignee, state=state,
        due_on=due_on(response.at.date(), 2), created_at=response.at, moved_at=case.moves[-1][2] if case.moves else response.at,
    )  # fmt: skip


def _asked_afterwards(cases: Sequence[Case], dice: random.Random, now: datetime) -> list[Response]:
    """A day after solving the customer was asked; half of them answered."""
    survey = Survey.objects.prefetch_related("questions").get(key="csat_ticket")
    day = timedelta(days=1)
    done = [(t, t.solved_at + day) for t in (case.ticket for case in cases) if t.solved_at and t.solved_at + day < now]
    sql_rows.create(Ask(ticket=t, solve=1, due_at=at, outcome=Outcome.ASKED, done_at=at) for t, at in done)
    invitations = sql_rows.create(
        Invitation(
            survey=survey, customer_id=t.customer_id or 0, occasion=f"ticket:{t.public_id}:1",
            token_digest=signed_links.new_token()[1], channel=SurveyChannel.EMAIL, state=InvitationState.SENT,
            language=t.language, created_at=at, sent_at=at, expires_at=at + day * survey.valid_days,
        )
        for t, at in done
    )  # fmt: skip
    replies = []
    for invitation in invitations:
        moment = invitation.created_at + timedelta(hours=dice.randrange(1, 90))
        reply = survey_history.draw(dice, survey, invitation, moment, invitation.created_at)
        if dice.random() < 0.5 and moment < now:
            replies.append(reply)
    return survey_history.write(survey, replies)
