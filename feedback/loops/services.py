"""A bad answer is followed up, and after a solved ticket its customer is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth import permissions as rights
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.kernel.ui import languages
from customers.orders.models import Order, counting_orders
from feedback.loops import rules
from feedback.loops.choices import AskOutcome, FollowUpState
from feedback.loops.models import Ask, FollowUp
from feedback.loops.settings import FollowUpSettings
from feedback.surveys import invitations, survey_kinds
from feedback.surveys.models import Response, Survey
from feedback.tickets import services as tickets
from feedback.tickets.choices import MessageAuthor, TicketChannel, TicketPriority
from feedback.tickets.models import Ticket
from feedback.tickets.rules import CLOSED, SOLVED

AFTER_TICKET_SURVEY = "csat_ticket"
ASKS_PER_RUN = 200
NEVER_ASKED_TAGS = ("spam", "merged")
SUBJECTS = {"en": "Your answer to “{title}”", "zh-hans": "您对“{title}”的回答", "zh-hant": "您對「{title}」的回覆"}
NO_WORDS = {"en": "(no words)", "zh-hans": "（没有留言）", "zh-hant": "（沒有留言）"}


class FollowUpStateRefused(Exception):
    """The follow-up cannot go into this state; the message says so."""


@transaction.atomic
def open_follow_ups(*, response_ids: Sequence[int], at: datetime) -> int:
    """Every bad answer gets an owner, a deadline and (by setting) a ticket, once. Returns how many are new."""
    bad = Response.objects.filter(pk__in=response_ids, group__in=survey_kinds.group_keys(survey_kinds.BAD)).exclude(
        pk__in=_followed_up_responses(response_ids)
    )
    rows = [
        _open_follow_up(response, at) for response in bad.select_related("customer__owner", "survey").order_by("pk")
    ]
    return len(rows)


def _followed_up_responses(response_ids: Sequence[int]) -> QuerySet[Any, Any]:
    return FollowUp.objects.filter(response__in=response_ids).values("response")


def _open_follow_up(response: Response, at: datetime) -> FollowUp:
    own = company.get_settings(FollowUpSettings)
    owner = response.customer.owner
    owner = (
        owner
        if owner is not None and owner.is_active and rights.role_has_permission(owner.role, "tickets.work")
        else None
    )
    ticket = _open_ticket(response, owner, at) if own.low_score_opens_ticket else None
    due_on = rules.contact_deadline(clock.today(company.get_company().time_zone), own.contact_within_days)
    return FollowUp.objects.create(
        response=response,
        customer=response.customer,
        ticket=ticket,
        owner=owner,
        due_on=due_on,
        created_at=at,
        moved_at=at,
    )


def _open_ticket(response: Response, owner: User | None, at: datetime) -> Ticket:
    title = languages.pick_text(response.survey.titles, response.language)
    request = tickets.TicketRequest(
        subject=languages.pick_text(SUBJECTS, response.language).format(title=title),
        body=response.comment or languages.pick_text(NO_WORDS, response.language),
        channel=TicketChannel.SURVEY,
        customer=response.customer,
        language=response.language,
        priority=TicketPriority.HIGH,
        assignee=owner,
        tags=[response.group],
        source=("survey", response.public_id),
        author=MessageAuthor.CUSTOMER if response.comment else MessageAuthor.SYSTEM,
    )
    reason = {"score": _score_texts(response), "group": response.group, "response": response.public_id}
    return tickets.open_ticket(request=request, at=at, reason=reason)


def _score_texts(response: Response) -> dict[str, str]:
    """The score in words of every language: tickets know nothing of surveys."""
    words = {}
    for code in languages.LANGUAGE_CODES:
        with translation.override(code):
            words[code] = response.score_text
    return words


@transaction.atomic
def change_follow_up_state(*, follow_up: FollowUp, state: str, by: User, at: datetime) -> FollowUp:
    """Put a follow-up into another state; whoever does it owns it if nobody did. Refused with FollowUpStateRefused."""
    follow_up = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    before = follow_up.state
    if before == state:
        return follow_up
    if not rules.may_change_state(before, state):
        words = {"before": follow_up.get_state_display(), "after": FollowUpState(state).label}
        raise FollowUpStateRefused(_("A follow-up cannot go from “%(before)s” to “%(after)s”.") % words)
    follow_up.state, follow_up.moved_at = state, at
    follow_up.owner = follow_up.owner or by
    follow_up.save(update_fields=["state", "moved_at", "owner"])
    audit.record_audit_entry("follow_up.moved", follow_up, by=by, before={"state": before}, after={"state": state})
    return follow_up


@transaction.atomic
def mark_contacted(*, ticket_ids: Sequence[int], user: int | None, at: datetime) -> int:
    """Staff wrote to the customers of these tickets: their open follow-ups are contacted, and the user's if nobody's."""
    open_rows = FollowUp.objects.filter(ticket__in=ticket_ids, state=FollowUpState.OPEN)
    open_rows.filter(owner=None).update(owner=user)
    return open_rows.update(state=FollowUpState.CONTACTED, moved_at=at)


@transaction.atomic
def mark_resolved(*, ticket_ids: Sequence[int], at: datetime) -> int:
    """The tickets are solved: their follow-ups are resolved. Returns how many."""
    rows = FollowUp.objects.filter(ticket__in=ticket_ids, state__in=[FollowUpState.OPEN, FollowUpState.CONTACTED])
    return rows.update(state=FollowUpState.RESOLVED, moved_at=at)


@transaction.atomic
def reopen_follow_ups(*, ticket_ids: Sequence[int], at: datetime) -> int:
    """The tickets are open again: their resolved follow-ups are contacted again. Returns how many."""
    rows = FollowUp.objects.filter(ticket__in=ticket_ids, state=FollowUpState.RESOLVED)
    return rows.update(state=FollowUpState.CONTACTED, moved_at=at)


@transaction.atomic
def mark_won_back_by_orders(*, order_ids: Sequence[int], at: datetime) -> int:
    """Customers who buy after their follow-up was resolved, and pay, are won back. Returns how many."""
    later = Order.objects.filter(
        counting_orders(), pk__in=order_ids, customer=OuterRef("customer"), placed_at__gte=OuterRef("moved_at")
    )
    rows = FollowUp.objects.filter(Exists(later), state=FollowUpState.RESOLVED)
    return rows.update(state=FollowUpState.WON_BACK, moved_at=at)


@transaction.atomic
def mark_won_back_by_answers(*, response_ids: Sequence[int], at: datetime) -> int:
    """Customers who give a good answer after their follow-up was resolved are won back. Returns how many."""
    happy = Response.objects.filter(pk__in=response_ids, group__in=survey_kinds.group_keys(survey_kinds.GOOD)).values(
        "customer"
    )
    rows = FollowUp.objects.filter(state=FollowUpState.RESOLVED, customer__in=happy, moved_at__lte=at)
    return rows.update(state=FollowUpState.WON_BACK, moved_at=at)


@transaction.atomic
def plan_asks(*, ticket_ids: Sequence[int], solve: int, at: datetime) -> int:
    """The customers of solved tickets are to be asked when the wait is over, once per solve. Returns how many are new."""
    own = company.get_settings(FollowUpSettings)
    if not own.ask_after_solving:
        return 0
    solved_tickets = Ticket.objects.filter(pk__in=ticket_ids, customer__isnull=False).exclude(
        tags__overlap=list(NEVER_ASKED_TAGS)
    )
    due_at = at + timedelta(hours=own.ask_after_hours)
    rows = [Ask(ticket=ticket, solve=solve, due_at=due_at) for ticket in solved_tickets]
    return len(Ask.objects.bulk_create(rows, ignore_conflicts=True))


def send_due_asks(*, at: datetime) -> int:
    """Ask for every solved ticket whose wait is over; each in its own transaction. Returns how many were asked."""
    due = Ask.objects.filter(outcome=AskOutcome.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return sum(_send_ask(pk, at) for pk in due.values_list("pk", flat=True)[:ASKS_PER_RUN])


@transaction.atomic
def _send_ask(pk: int, at: datetime) -> bool:
    rows = Ask.objects.select_for_update(skip_locked=True, of=("self",)).select_related("ticket")
    ask = rows.filter(pk=pk, outcome=AskOutcome.WAITING).first()
    if ask is None:
        return False
    ask.outcome, ask.done_at = _invite_customer(ask, at), at
    ask.save(update_fields=["outcome", "done_at"])
    return ask.outcome == AskOutcome.ASKED


def _invite_customer(ask: Ask, at: datetime) -> AskOutcome:
    ticket = ask.ticket
    if ticket.state not in (SOLVED, CLOSED) or ticket.solves != ask.solve or ticket.customer_id is None:
        return AskOutcome.REOPENED
    survey = Survey.objects.filter(key=AFTER_TICKET_SURVEY, is_active=True).first()
    if survey is None:
        return AskOutcome.WITHHELD
    occasion = f"ticket:{ticket.public_id}:{ask.solve}"
    result = invitations.invite_customers(survey=survey, customer_ids=[ticket.customer_id], occasion=occasion, at=at)
    return AskOutcome.ASKED if result.invited else AskOutcome.WITHHELD
