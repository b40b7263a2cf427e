"""What this app hears, and what it does by night."""

from datetime import datetime
from itertools import chain

from crm.kernel.background import events, scheduler
from crm.kernel.db import sql_rows
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded, OrderRefunded
from customers.orders.models import Order, Refund
from loyalty import audit_labels, defaults
from loyalty.account import emails
from loyalty.points import accounts, earn_reversal, earning, expiry, ledger_check, program_settings, spend_returns
from loyalty.points import extensions as point_looks
from loyalty.rewards import extensions as reward_looks
from loyalty.tiers import earning_rounds
from loyalty.tiers import selectors as tier_selectors
from loyalty.tiers import services as tiers
from loyalty.tiers import timeline_lines as tier_looks

__all__ = ["audit_labels", "defaults", "emails", "point_looks", "reward_looks", "tier_looks"]


@events.register_listener(OrderRecorded)
def orders_earn_points(event: OrderRecorded) -> None:
    """New orders earn at the tier held before them, and lift their customers to the tier that they reach.

    History earns only where the import says so, but always counts for the tier. A customer with several orders in one
    event goes through them in the order of time, from tier to tier.
    """
    earns = program_settings.loyalty_settings().points_on and (event.live or event.earn)
    if not earns:
        customers = _customers(event.ids)
        accounts.open_accounts(customers, event.at)
        tiers.raise_tiers(customer_ids=customers, at=event.at, live=event.live)
        return
    orders = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [event.ids])
    rounds = earning_rounds.split_into_rounds(orders, event.at)
    for turn in rounds[:-1]:
        _earn_and_rise(turn, event, {customer_id: own[-1].placed_at for customer_id, own in turn.items()})
    _earn_and_rise(rounds[-1], event, {})
    if len(rounds) > 1:
        tiers.raise_tiers(customer_ids=rounds[0], at=event.at, live=event.live)


@events.register_listener(OrderChanged)
def changed_orders_change_points(event: OrderChanged) -> None:
    """An order with new content keeps what it now deserves, by the rule version that it earned by."""
    orders = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [event.ids])
    customers = {order.customer_id for order in orders}
    if program_settings.loyalty_settings().points_on and event.live:
        fresh = [order for order in orders if order.live]
        earning.earn_points_for_orders(orders=fresh, multipliers=tier_selectors.points_multipliers(customers))
    earn_reversal.reconcile_order_points(
        order_ids=event.ids, source=f"change:{event.event_id}", at=event.at, content_changed=True
    )
    tiers.raise_tiers(customer_ids=customers, at=event.at, live=event.live)


@events.register_listener(OrderCancelled)
def cancelled_orders_lose_points(event: OrderCancelled) -> None:
    """What a cancelled order earned is taken back, and points spent on it return."""
    earn_reversal.reconcile_order_points(order_ids=event.ids, source=f"cancel:{event.event_id}", at=event.at)
    spend_returns.return_points_for_orders(order_ids=event.ids, source=f"cancel:{event.event_id}", at=event.at)


@events.register_listener(OrderRefunded)
def refunds_take_points_back(event: OrderRefunded) -> None:
    """A refund takes points back in proportion; the source of the entry is the refund."""
    for refund_id, order_id in Refund.objects.filter(pk__in=event.ids).order_by("pk").values_list("pk", "order_id"):
        earn_reversal.reconcile_order_points(order_ids=[order_id], source=f"refund:{refund_id}", at=event.at)
        spend_returns.return_points_for_orders(order_ids=[order_id], source=f"refund:{refund_id}", at=event.at)


@scheduler.register_nightly("expire_points")
def points_expire(now: datetime) -> int:
    return expiry.expire_points(now)


@scheduler.register_nightly("review_tiers")
def tiers_are_reviewed(now: datetime) -> int:
    return tiers.review_tiers(now)


@scheduler.register_nightly("prove_ledger")
def ledger_is_proved(now: datetime) -> int:
    return ledger_check.record_ledger_proof(now).accounts


def _customers(order_ids: list[int]) -> set[int]:
    return set(Order.objects.filter(pk__any=order_ids).values_list("customer_id", flat=True))


def _earn_and_rise(turn: earning_rounds.EarningRound, event: OrderRecorded, until: dict[int, datetime]) -> None:
    orders = chain.from_iterable(turn.values())
    earning.earn_points_for_orders(orders=orders, multipliers=tier_selectors.points_multipliers(turn))
    tiers.raise_tiers(customer_ids=turn, at=event.at, live=event.live, until=until)
