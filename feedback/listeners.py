"""What this app hears, and what it does every few seconds, every minute and every night."""

from datetime import datetime

from crm.kernel.background import events, scheduler
from customers.orders.events import OrderChanged, OrderRecorded
from feedback.loops import services as loops
from feedback.surveys import services as surveys
from feedback.surveys.events import SurveyAnswered
from feedback.tickets import selectors, stranger_mails
from feedback.tickets import services as tickets
from feedback.tickets.choices import EXTERNAL_CHANNELS
from feedback.tickets.events import TicketOpened, TicketReopened, TicketReplied, TicketSolved


@events.register_listener(SurveyAnswered, later=True)
def bad_answers_are_followed_up(event: SurveyAnswered) -> None:
    """A detractor or an unsatisfied customer gets an owner, a deadline and a ticket."""
    if event.live:
        loops.open_follow_ups(response_ids=event.ids, at=event.at)


@events.register_listener(SurveyAnswered, later=True)
def happy_answers_win_back(event: SurveyAnswered) -> None:
    """Who was unhappy and is happy again is won back."""
    if event.live:
        loops.mark_won_back_by_answers(response_ids=event.ids, at=event.at)


@events.register_listener(OrderRecorded, OrderChanged, later=True)
def orders_win_back(event: OrderRecorded | OrderChanged) -> None:
    """Who was unhappy and buys again is won back, once the order is paid."""
    if event.live:
        loops.mark_won_back_by_orders(order_ids=event.ids, at=event.at)


@events.register_listener(TicketOpened, later=True)
def strangers_get_a_receipt(event: TicketOpened) -> None:
    """Who asked without being a customer is told by mail that the request has arrived; customers are told by the outbox."""
    if event.live and event.channel in EXTERNAL_CHANNELS:
        for ticket in selectors.tickets_with_relations().filter(pk__in=event.ids):
            stranger_mails.send_stranger_receipt(ticket=ticket, at=event.at)


@events.register_listener(TicketReplied, later=True)
def replies_contact(event: TicketReplied) -> None:
    """A public answer is the first contact of a follow-up."""
    loops.mark_contacted(ticket_ids=event.ids, user=event.user, at=event.at)


@events.register_listener(TicketSolved, later=True)
def solved_tickets_resolve_and_ask(event: TicketSolved) -> None:
    """A solved ticket resolves its follow-up, and its customer is asked when the wait is over."""
    loops.mark_resolved(ticket_ids=event.ids, at=event.at)
    if event.live:
        loops.plan_asks(ticket_ids=event.ids, solve=event.solve, at=event.at)


@events.register_listener(TicketReopened, later=True)
def reopened_tickets_are_followed_up_again(event: TicketReopened) -> None:
    """A ticket that is open again opens its follow-up again."""
    loops.reopen_follow_ups(ticket_ids=event.ids, at=event.at)


@scheduler.register_every_5_seconds("ask_after_tickets", is_exclusive=False)
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
    return tickets.close_solved_tickets(at=now)
