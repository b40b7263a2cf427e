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
from crm.tools.demo.example_staff import ExampleStaff
from customers.orders.models import Order
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.loops.choices import AskOutcome, FollowUpState
from feedback.loops.models import Ask, FollowUp
from feedback.loops.rules import contact_deadline
from feedback.surveys.choices import InvitationState, SurveyChannel
from feedback.surveys.models import Invitation, Response, Survey
from feedback.tickets.choices import MessageAuthor, MessageKind, TicketChange, TicketChannel, TicketState
from feedback.tickets.models import Message, Ticket, TicketEvent

TICKET_CHANNELS = [
    TicketChannel.FORM,
    TicketChannel.FORM,
    TicketChannel.EMAIL,
    TicketChannel.EMAIL,
    TicketChannel.PHONE,
    TicketChannel.CHAT,
]
SURVEY_SUBJECTS = {
    "en": "Your answer to “{title}”",
    "zh-hans": "您对“{title}”的回答",
    "zh-hant": "您對「{title}」的回覆",
}
NO_WORDS = {"en": "(no words)", "zh-hans": "（没有留言）", "zh-hant": "（沒有留言）"}
APOLOGIES = {
    "en": "Thank you for being so frank. I am sorry. May I call you this week to put it in order?",
    "zh-hans": "感谢您的坦率，非常抱歉。这周方便给您打个电话，把这件事处理好吗？",
    "zh-hant": "謝謝您的坦白，非常抱歉。這週方便給您打個電話，把這件事處理好嗎？",
}


@dataclass
class ExampleCase:
    """A ticket to be: its row, what was said in it (author, words, when), and how far it came."""

    ticket: Ticket
    said: list[tuple[str, str, datetime]]
    moves: list[tuple[str, str, datetime]]
    by: Any
    response: Response | None = None


def cases_of_orders(
    *, orders: Sequence[Order], dice: random.Random, staff: ExampleStaff, now: datetime
) -> list[ExampleCase]:
    """Three orders in a hundred lead to a request within a fortnight."""
    chosen = [order for order in orders if order.status != "cancelled" and dice.random() <= 0.022]
    people = Customer.objects.in_bulk({order.customer_id for order in chosen})
    cases = []
    for order in chosen:
        topic = dice.choice(dialogues.TICKET_DIALOGUES)
        customer = people[order.customer_id]
        subject, asked, answered, thanked, noted = topic[languages.match_language(customer.language)]
        opened_at = order.placed_at + timedelta(days=dice.randrange(1, 14), minutes=dice.randrange(600))
        if opened_at >= now:
            continue
        fields = {"channel": dice.choice(TICKET_CHANNELS), "tags": [topic["tag"]], "order": order, "subject": subject}
        words = [(MessageAuthor.CUSTOMER, asked), (MessageAuthor.STAFF, answered), (MessageAuthor.CUSTOMER, thanked)]
        cases.append(_draw_case(dice, staff, customer, opened_at, now, words, noted, **fields))
    return cases


def cases_of_responses(
    *, responses: Sequence[Response], dice: random.Random, staff: ExampleStaff, now: datetime
) -> list[ExampleCase]:
    """Every bad answer is a ticket."""
    cases = []
    bad = Response.objects.filter(pk__in=[r.pk for r in responses], group__in=("detractor", "negative"))
    for response in bad.select_related("customer", "survey").order_by("pk"):
        language = response.language
        title = languages.pick_text(response.survey.titles, language)
        words = [
            (
                MessageAuthor.CUSTOMER if response.comment else MessageAuthor.SYSTEM,
                response.comment or NO_WORDS[language],
            )
        ]
        words.append((MessageAuthor.STAFF, APOLOGIES[language]))
        fields = {
            "channel": TicketChannel.SURVEY, "tags": [response.group], "priority": 3, "source_type": "survey",
            "source_id": response.public_id, "subject": SURVEY_SUBJECTS[language].format(title=title),
        }  # fmt: skip
        case = _draw_case(dice, staff, response.customer, response.at, now, words, "", **fields)
        case.response = response
        cases.append(case)
    return cases


def _draw_case(
    dice: random.Random, staff: ExampleStaff, customer: Any, opened_at: datetime, now: datetime,
    words: Sequence[tuple[str, str]], noted: str, **fields: Any,
) -> ExampleCase:  # fmt: skip
    """How far a request has come by now: the old ones are closed, the newest nobody has touched."""
    by = staff[dice.choice(("service", "service2"))]
    ticket = Ticket(
        customer=customer, language=languages.match_language(customer.language), team=staff.teams["service"], opened_at=opened_at,
        last_message_at=opened_at, waiting_since=opened_at, **fields,
    )  # fmt: skip
    case = ExampleCase(ticket, [(words[0][0], words[0][1], opened_at)], [], by)
    replied_at = opened_at + timedelta(hours=dice.randrange(1, 30), minutes=dice.randrange(60))
    age, luck = (now - opened_at).days, dice.random()
    if replied_at >= now or (age < 6 and luck < 0.3):
        if luck < 0.12:
            ticket.assignee = by
            move_case(case, TicketState.OPEN, opened_at + timedelta(minutes=20))
        return case
    ticket.assignee, ticket.first_replied_at, ticket.waiting_since = by, replied_at, None
    case.said.append((words[1][0], words[1][1], replied_at))
    move_case(case, TicketState.PENDING, replied_at)
    if noted and luck < 0.5:
        case.said.append(("note", noted, replied_at + timedelta(minutes=4)))
    thanked_at = replied_at + timedelta(hours=dice.randrange(3, 60))
    if age < 16 and (thanked_at >= now or luck < 0.5):
        if luck < 0.18:
            move_case(case, TicketState.ON_HOLD, replied_at + timedelta(minutes=9))
        return case
    if thanked_at < now and len(words) > 2 and luck < 0.85:
        case.said.append((words[2][0], words[2][1], thanked_at))
        move_case(case, TicketState.OPEN, thanked_at)
    _solve_case(case, min(thanked_at + timedelta(hours=2), now), now)
    return case


def _solve_case(case: ExampleCase, at: datetime, now: datetime) -> None:
    move_case(case, TicketState.SOLVED, at)
    case.ticket.solved_at, case.ticket.solves, case.ticket.waiting_since = at, 1, None
    if now - at > timedelta(days=14):
        closed_at = at + timedelta(days=14)
        move_case(case, TicketState.CLOSED, closed_at)
        case.ticket.closed_at = closed_at


def move_case(case: ExampleCase, state: str, at: datetime) -> None:
    """One step of a request that is to be."""
    case.moves.append((case.ticket.state, state, at))
    case.ticket.state = state


def save_cases(cases: Sequence[ExampleCase], *, dice: random.Random, now: datetime) -> list[Response]:
    """Tickets with messages, history, timeline, follow-ups and the question afterwards; returns the answers to it."""
    cases = sorted(cases, key=lambda case: case.ticket.opened_at)
    for case in cases:
        case.ticket.last_message_at = max(at for _author, _words, at in case.said)
    Ticket.objects.bulk_create([case.ticket for case in cases])
    sql_rows.create_instances(message for case in cases for message in _case_messages(case))
    sql_rows.create_instances(event for case in cases for event in _case_events(case))
    timeline.write_timeline(line for case in cases for line in _case_timeline_lines(case))
    sql_rows.create_instances(_case_follow_up(case) for case in cases if case.response)
    return _ask_after_solving(cases, dice, now)


def push_open_ticket_counts(now: datetime) -> None:
    """The fact that every ticket service pushes: how many are not solved."""
    counted: dict[int, int] = {}
    for customer_id, state in Ticket.objects.filter(customer__isnull=False).values_list("customer_id", "state"):
        counted[customer_id] = counted.get(customer_id, 0) + (state in ("new", "open", "pending", "on_hold"))
    facts.push_facts("open_tickets", {pk: ("", n) for pk, n in counted.items()}, now)


def _case_messages(case: ExampleCase) -> list[Message]:
    said = []
    for author, words, at in case.said:
        is_staff = author in (MessageAuthor.STAFF, "note")
        said.append(
            Message(
                ticket=case.ticket,
                kind=MessageKind.NOTE if author == "note" else MessageKind.PUBLIC,
                channel=TicketChannel.EMAIL if author == MessageAuthor.STAFF else case.ticket.channel,
                author=MessageAuthor.STAFF if is_staff else author,
                user=case.by if is_staff else None,
                body=words,
                at=at,
            )
        )
    return said


def _case_events(case: ExampleCase) -> list[TicketEvent]:
    ticket = case.ticket
    moves = [
        TicketEvent(
            ticket=ticket,
            change=TicketChange.OPENED,
            after=TicketState.NEW,
            author=case.said[0][0],
            at=ticket.opened_at,
        )
    ]
    if ticket.assignee:
        moves.append(
            TicketEvent(
                ticket=ticket,
                change=TicketChange.ASSIGNED,
                after=str(case.by),
                user=case.by,
                author=MessageAuthor.STAFF,
                at=case.moves[0][2],
            )
        )
    spoken = {(author, at) for author, _words, at in case.said}
    for before, after, at in case.moves:
        by = None if after == TicketState.CLOSED or (MessageAuthor.CUSTOMER, at) in spoken else case.by
        who = (
            MessageAuthor.STAFF
            if by
            else MessageAuthor.SYSTEM
            if after == TicketState.CLOSED
            else MessageAuthor.CUSTOMER
        )
        moves.append(
            TicketEvent(
                ticket=ticket, change=TicketChange.STATE, before=before, after=after, user=by, author=who, at=at
            )
        )
    return moves


def _case_timeline_lines(case: ExampleCase) -> list[timeline.NewTimelineEntry]:
    ticket = case.ticket
    told = {"number": ticket.number, "subject": ticket.subject}
    kept = [("ticket_opened", ticket.opened_at, case.said[0][1], None)]
    kept += [
        ("ticket_replied", at, words, case.by.pk) for author, words, at in case.said if author == MessageAuthor.STAFF
    ]
    kept += [("ticket_solved", at, "", case.by.pk) for _before, after, at in case.moves if after == TicketState.SOLVED]
    return [
        timeline.NewTimelineEntry(
            ticket.customer_id or 0, kind, at, {**told, "text": words}, "ticket", ticket.public_id, actor
        )
        for kind, at, words, actor in kept
    ]


def _case_follow_up(case: ExampleCase) -> FollowUp:
    ticket, response = case.ticket, case.response
    assert response is not None
    state = FollowUpState.OPEN
    if ticket.state in (TicketState.SOLVED, TicketState.CLOSED):
        state = FollowUpState.WON_BACK if ticket.pk % 3 == 0 else FollowUpState.RESOLVED
    elif ticket.first_replied_at:
        state = FollowUpState.CONTACTED
    return FollowUp(
        response=response, customer_id=response.customer_id, ticket=ticket, owner=ticket.assignee, state=state,
        due_on=contact_deadline(response.at.date(), 2), created_at=response.at, moved_at=case.moves[-1][2] if case.moves else response.at,
    )  # fmt: skip


def _ask_after_solving(cases: Sequence[ExampleCase], dice: random.Random, now: datetime) -> list[Response]:
    """A day after solving the customer was asked; half of them answered."""
    survey = Survey.objects.prefetch_related("questions").get(key="csat_ticket")
    day = timedelta(days=1)
    done = [(t, t.solved_at + day) for t in (case.ticket for case in cases) if t.solved_at and t.solved_at + day < now]
    sql_rows.create_instances(Ask(ticket=t, solve=1, due_at=at, outcome=AskOutcome.ASKED, done_at=at) for t, at in done)
    invitations = sql_rows.create_instances(
        Invitation(
            survey=survey, customer_id=t.customer_id or 0, occasion=f"ticket:{t.public_id}:1",
            token_digest=signed_links.generate_token()[1], channel=SurveyChannel.EMAIL, state=InvitationState.SENT,
            language=t.language, created_at=at, sent_at=at, expires_at=at + day * survey.valid_days,
        )
        for t, at in done
    )  # fmt: skip
    replies = []
    for invitation in invitations:
        moment = invitation.created_at + timedelta(hours=dice.randrange(1, 90))
        reply = survey_history.draw_reply(dice, survey, invitation, moment, invitation.created_at)
        if dice.random() < 0.5 and moment < now:
            replies.append(reply)
    return survey_history.save_replies(survey, replies)
