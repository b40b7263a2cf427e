"""Closing the loop: a bad answer is followed up, and after a solved ticket its customer is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth import permissions as rights
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.kernel.ui import languages
from customers.orders.models import Order
from feedback.loops import rules
from feedback.loops.choices import Outcome, State
from feedback.loops.models import Ask, FollowUp
from feedback.loops.settings import LoopSettings
from feedback.surveys import invitations, timeline_lines
from feedback.surveys import rules as scores
from feedback.surveys.models import Response, Survey
from feedback.tickets import opening
from feedback.tickets.choices import Author, Channel, Priority
from feedback.tickets.models import Ticket
from feedback.tickets.rules import CLOSED, SOLVED

AFTER_TICKET = "csat_ticket"
AT_A_TIME = 200
NEVER_ASKED = ("spam", "merged")
SUBJECTS = {"en": "Your answer to “{title}”", "zh-hans": "您对“{title}”的回答", "zh-hant": "您對「{title}」的回覆"}
NO_WORDS = {"en": "(no words)", "zh-hans": "（没有留言）", "zh-hant": "（沒有留言）"}


class NotAllowed(Exception):
    """The follow-up may not go there; the message says so."""


@transaction.atomic
def follow_up(*, response_ids: Sequence[int], at: datetime) -> int:
    """Every bad answer gets an owner, a deadline and a ticket, once; returns how many are new."""
    bad = Response.objects.filter(pk__in=response_ids, group__in=scores.BAD).exclude(pk__in=_known(response_ids))
    rows = [_follow_up(response, at) for response in bad.select_related("customer__owner", "survey").order_by("pk")]
    return len(rows)


def _known(response_ids: Sequence[int]) -> Any:
    return FollowUp.objects.filter(response__in=response_ids).values("response")


def _follow_up(response: Response, at: datetime) -> FollowUp:
    own = company.of(LoopSettings)
    owner = response.customer.owner
    owner = owner if owner is not None and owner.is_active and rights.may(owner.role, "tickets.work") else None
    ticket = _ticket(response, owner, at) if own.low_score_opens_ticket else None
    due_on = rules.due_on(clock.today(company.get().time_zone), own.contact_within_days)
    return FollowUp.objects.create(
        response=response,
        customer=response.customer,
        ticket=ticket,
        owner=owner,
        due_on=due_on,
        created_at=at,
        moved_at=at,
    )


def _ticket(response: Response, owner: User | None, at: datetime) -> Ticket:
    title = languages.pick(response.survey.titles, response.language)
    request = opening.Request(
        subject=languages.pick(SUBJECTS, response.language).format(title=title),
        body=response.comment or languages.pick(NO_WORDS, response.language),
        channel=Channel.SURVEY,
        customer=response.customer,
        language=response.language,
        priority=Priority.HIGH,
        assignee=owner,
        tags=[response.group],
        source=("survey", response.public_id),
        author=Author.CUSTOMER if response.comment else Author.SYSTEM,
    )
    reason = {"score": _in_every_language(response), "group": response.group, "response": response.public_id}
    return opening.open_ticket(request=request, at=at, reason=reason)


def _in_every_language(response: Response) -> dict[str, str]:
    """The score in words, for readers of the ticket, which knows nothing of surveys."""
    words = {}
    for code in languages.CODES:
        with translation.override(code):
            words[code] = timeline_lines.scored(response.scale, response.score)
    return words


@transaction.atomic
def move(*, follow_up: FollowUp, state: str, by: User, at: datetime) -> FollowUp:
    """Staff say how far it is."""
    follow_up = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    before = follow_up.state
    if before == state:
        return follow_up
    if not rules.may_move(before, state):
        words = {"before": follow_up.get_state_display(), "after": State(state).label}
        raise NotAllowed(_("A follow-up cannot go from “%(before)s” to “%(after)s”.") % words)
    follow_up.state, follow_up.moved_at = state, at
    follow_up.owner = follow_up.owner or by
    follow_up.save(update_fields=["state", "moved_at", "owner"])
    audit.record("follow_up.moved", follow_up, by=by, before={"state": before}, after={"state": state})
    return follow_up


@transaction.atomic
def contacted(*, ticket_ids: Sequence[int], user: int | None, at: datetime) -> int:
    """Somebody wrote to the customer: the follow-ups of these tickets are under way, and hers if they were nobody's."""
    mine = FollowUp.objects.filter(ticket__in=ticket_ids, state=State.OPEN)
    mine.filter(owner=None).update(owner=user)
    return mine.update(state=State.CONTACTED, moved_at=at)


@transaction.atomic
def resolved(*, ticket_ids: Sequence[int], at: datetime) -> int:
    """The tickets are solved, and so are their follow-ups."""
    rows = FollowUp.objects.filter(ticket__in=ticket_ids, state__in=[State.OPEN, State.CONTACTED])
    return rows.update(state=State.RESOLVED, moved_at=at)


@transaction.atomic
def unhappy_again(*, ticket_ids: Sequence[int], at: datetime) -> int:
    """The tickets are open again, and so are their follow-ups."""
    rows = FollowUp.objects.filter(ticket__in=ticket_ids, state=State.RESOLVED)
    return rows.update(state=State.CONTACTED, moved_at=at)


@transaction.atomic
def won_back_by_orders(*, order_ids: Sequence[int], at: datetime) -> int:
    """Who buys after we made it good is won back."""
    buyers = Order.objects.filter(pk__in=order_ids).values("customer")
    return FollowUp.objects.filter(state=State.RESOLVED, customer__in=buyers, moved_at__lte=at).update(
        state=State.WON_BACK, moved_at=at
    )


@transaction.atomic
def won_back_by_answers(*, response_ids: Sequence[int], at: datetime) -> int:
    """Who is happy again after we made it good is won back."""
    happy = Response.objects.filter(pk__in=response_ids, group__in=scores.GOOD).values("customer")
    rows = FollowUp.objects.filter(state=State.RESOLVED, customer__in=happy, moved_at__lte=at)
    return rows.update(state=State.WON_BACK, moved_at=at)


@transaction.atomic
def plan_asks(*, ticket_ids: Sequence[int], solve: int, at: datetime) -> int:
    """Note that the customers of solved tickets are to be asked when the wait is over, once per solve."""
    own = company.of(LoopSettings)
    if not own.ask_after_solving:
        return 0
    tickets = Ticket.objects.filter(pk__in=ticket_ids, customer__isnull=False).exclude(tags__overlap=list(NEVER_ASKED))
    due_at = at + timedelta(hours=own.ask_after_hours)
    rows = [Ask(ticket=ticket, solve=solve, due_at=due_at) for ticket in tickets]
    return len(Ask.objects.bulk_create(rows, ignore_conflicts=True))


def ask_due(*, at: datetime) -> int:
    """Ask for every solved ticket whose wait is over; each in its own transaction. Returns how many were asked."""
    due = Ask.objects.filter(outcome=Outcome.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return sum(_ask(pk, at) for pk in due.values_list("pk", flat=True)[:AT_A_TIME])


@transaction.atomic
def _ask(pk: int, at: datetime) -> bool:
    rows = Ask.objects.select_for_update(skip_locked=True, of=("self",)).select_related("ticket")
    ask = rows.filter(pk=pk, outcome=Outcome.WAITING).first()
    if ask is None:
        return False
    ask.outcome, ask.done_at = _outcome(ask, at), at
    ask.save(update_fields=["outcome", "done_at"])
    return ask.outcome == Outcome.ASKED


def _outcome(ask: Ask, at: datetime) -> Outcome:
    ticket = ask.ticket
    if ticket.state not in (SOLVED, CLOSED) or ticket.solves != ask.solve or ticket.customer_id is None:
        return Outcome.REOPENED
    survey = Survey.objects.filter(key=AFTER_TICKET, is_active=True).first()
    if survey is None:
        return Outcome.WITHHELD
    occasion = f"ticket:{ticket.public_id}:{ask.solve}"
    asked = invitations.invite(survey=survey, customer_ids=[ticket.customer_id], occasion=occasion, at=at)
    return Outcome.ASKED if asked.invited else Outcome.WITHHELD
