"""What this app hears, and what it registers when it starts."""

from datetime import datetime

from crm.kernel.background import events, scheduler
from customers.orders.events import ORDER_RECORDED
from feedback import audit_labels
from feedback.loops import services as loops
from feedback.loops import settings as loop_settings
from feedback.surveys import bulk_invitations as survey_sending
from feedback.surveys import defaults as survey_defaults
from feedback.surveys import email_templates as survey_letters
from feedback.surveys import response_export as survey_export
from feedback.surveys import services as surveys
from feedback.surveys import settings as survey_settings
from feedback.surveys import timeline_lines as survey_looks
from feedback.surveys.events import SURVEY_ANSWERED
from feedback.tickets import emails as ticket_letters
from feedback.tickets import lifecycle
from feedback.tickets import settings as ticket_settings
from feedback.tickets import timeline_lines as ticket_looks
from feedback.tickets.events import TICKET_REOPENED, TICKET_REPLIED, TICKET_SOLVED

__all__ = [
    "audit_labels",
    "loop_settings",
    "survey_defaults",
    "survey_export",
    "survey_letters",
    "survey_looks",
    "survey_sending",
    "survey_settings",
    "ticket_letters",
    "ticket_looks",
    "ticket_settings",
]


@events.register_listener(SURVEY_ANSWERED, later=True)
def bad_answers_are_followed_up(batch: events.EventBatch) -> None:
    """A detractor or an unsatisfied customer gets an owner, a deadline and a ticket."""
    if batch.live:
        loops.open_follow_ups(response_ids=batch.ids, at=batch.at)


@events.register_listener(SURVEY_ANSWERED, later=True)
def happy_answers_win_back(batch: events.EventBatch) -> None:
    """Who was unhappy and is happy again is won back."""
    if batch.live:
        loops.mark_won_back_by_answers(response_ids=batch.ids, at=batch.at)


@events.register_listener(ORDER_RECORDED, later=True)
def orders_win_back(batch: events.EventBatch) -> None:
    """Who was unhappy and buys again is won back."""
    if batch.live:
        loops.mark_won_back_by_orders(order_ids=batch.ids, at=batch.at)


@events.register_listener(TICKET_REPLIED, later=True)
def replies_contact(batch: events.EventBatch) -> None:
    """A public answer is the first contact of a follow-up."""
    loops.mark_contacted(ticket_ids=batch.ids, user=batch.data.get("user"), at=batch.at)


@events.register_listener(TICKET_SOLVED, later=True)
def solved_tickets_resolve_and_ask(batch: events.EventBatch) -> None:
    """A solved ticket resolves its follow-up, and its customer is asked when the wait is over."""
    loops.mark_resolved(ticket_ids=batch.ids, at=batch.at)
    if batch.live:
        loops.plan_asks(ticket_ids=batch.ids, solve=batch.data["solve"], at=batch.at)


@events.register_listener(TICKET_REOPENED, later=True)
def reopened_tickets_are_followed_up_again(batch: events.EventBatch) -> None:
    """A ticket that is open again opens its follow-up again."""
    loops.reopen_follow_ups(ticket_ids=batch.ids, at=batch.at)


@scheduler.register_every_5_seconds("ask_after_tickets", alone=False)
def customers_are_asked_after_tickets(now: datetime) -> int:
    """Customers of tickets that were solved long enough ago are asked."""
    return loops.send_due_asks(at=now)


@scheduler.register_nightly("expire_invitations")
def invitations_expire(now: datetime) -> int:
    """Links whose days are over are marked so; they refused already."""
    return surveys.expire_invitations(at=now)


@scheduler.register_every_minute("close_solved_tickets")
def solved_tickets_close(now: datetime) -> int:
    """What stood solved for its days is closed."""
    return lifecycle.close_solved_tickets(at=now)
