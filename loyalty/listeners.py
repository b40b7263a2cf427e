"""What loyalty does when orders are recorded, changed, cancelled or refunded, and each night."""

from datetime import datetime
from itertools import chain

from crm.kernel.background import events, scheduler
from crm.kernel.db import sql_rows
from customers.orders.choices import OrderStatus
from customers.orders.events import OrderCancelled, OrderChanged, OrderRecorded, OrderRefunded
from customers.orders.models import Order, Refund
from loyalty.points import accounts, earn_reversal, earning, expiry, ledger_check, program_settings, spend_returns
from loyalty.rewards import coupon_returns
from loyalty.rewards import services as rewards
from loyalty.tiers import earning_rounds
from loyalty.tiers import selectors as tier_selectors
from loyalty.tiers import services as tiers


@events.register_listener(OrderRecorded)
def orders_earn_points(event: OrderRecorded) -> None:
    """New orders earn at the tier held before them, and raise their customers to the tier that they reach.

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
    for earning_round in rounds[:-1]:
        last_orders = {customer_id: orders[-1].placed_at for customer_id, orders in earning_round.items()}
        _earn_and_raise_tiers(earning_round, event, until=last_orders)
    _earn_and_raise_tiers(rounds[-1], event, until={})
    if len(rounds) > 1:
        tiers.raise_tiers(customer_ids=rounds[0], at=event.at, live=event.live)


@events.register_listener(OrderChanged)
def changed_orders_change_points(event: OrderChanged) -> None:
    """Bring the points of orders with new content to what they deserve by the rule version they earned by.

    An order that is paid by now, or has its rate, earns: once, by the rules of its day and at the tier held then. One that
    the shop sends as cancelled gives back what was spent on it, like a cancellation.
    """
    orders = sql_rows.load_instances(Order, "WHERE id = ANY(%s)", [event.ids])
    if program_settings.loyalty_settings().points_on:
        earning_orders = [order for order in orders if order.live or event.earn]
        multipliers = tier_selectors.multipliers_when_placed(earning_orders)
        earning.earn_points_for_orders(orders=earning_orders, multipliers=multipliers, earned_at=event.at)
    cancelled = [order.pk for order in orders if order.status == OrderStatus.CANCELLED]
    coupon_returns.give_coupons_of_orders_back(order_ids=cancelled, at=event.at)
    rewards.withdraw_rewards_of_orders(order_ids=[order.pk for order in orders if not order.counts], at=event.at)
    earn_reversal.reconcile_order_points(
        order_ids=event.ids, source=f"change:{event.event_id}", at=event.at, content_changed=True
    )
    spend_returns.return_points_for_orders(order_ids=cancelled, source=f"change:{event.event_id}", at=event.at)
    tiers.raise_tiers(customer_ids={order.customer_id for order in orders}, at=event.at, live=event.live)


@events.register_listener(OrderCancelled)
def cancelled_orders_lose_points(event: OrderCancelled) -> None:
    """Take back what cancelled orders earned and what it bought, and return the points and coupons spent on them.

    Coupons first: one that comes back is unused, and may itself be what the order's points bought.
    """
    coupon_returns.give_coupons_of_orders_back(order_ids=event.ids, at=event.at)
    rewards.withdraw_rewards_of_orders(order_ids=event.ids, at=event.at)
    earn_reversal.reconcile_order_points(order_ids=event.ids, source=f"cancel:{event.event_id}", at=event.at)
    spend_returns.return_points_for_orders(order_ids=event.ids, source=f"cancel:{event.event_id}", at=event.at)


@events.register_listener(OrderRefunded)
def refunds_take_points_back(event: OrderRefunded) -> None:
    """Take points back, and return spent ones, in proportion to each refund, which is the source of the entries.

    A refund in full ends the order like a cancellation does.
    """
    for refund_id, order_id in Refund.objects.filter(pk__in=event.ids).order_by("pk").values_list("pk", "order_id"):
        coupon_returns.give_coupons_of_orders_back(order_ids=[order_id], at=event.at)
        rewards.withdraw_rewards_of_orders(order_ids=[order_id], at=event.at)
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


def _earn_and_raise_tiers(
    earning_round: earning_rounds.EarningRound, event: OrderRecorded, *, until: dict[int, datetime]
) -> None:
    orders = list(chain.from_iterable(earning_round.values()))
    held = tier_selectors.points_multipliers(earning_round)
    multipliers = {order.pk: held[order.customer_id] for order in orders if order.customer_id in held}
    earning.earn_points_for_orders(orders=orders, multipliers=multipliers)
    tiers.raise_tiers(customer_ids=earning_round, at=event.at, live=event.live, until=until)
