"""What this app hears, and what it does by night."""

from datetime import datetime

from crm.kernel import events, sweeps
from customers.orders.events import ORDER_CANCELLED, ORDER_CHANGED, ORDER_RECORDED, ORDER_REFUNDED
from customers.orders.models import Order, Refund
from loyalty import defaults
from loyalty.points import accounts, earning, expiry, programme, proof, returns, reversal
from loyalty.points import looks as point_looks
from loyalty.rewards import looks as reward_looks
from loyalty.tiers import looks as tier_looks
from loyalty.tiers import selectors as tier_selectors
from loyalty.tiers import services as tiers

__all__ = ["defaults", "point_looks", "reward_looks", "tier_looks"]


@events.listens(ORDER_RECORDED)
def orders_earn_points(batch: events.Batch) -> None:
    """New orders earn at the tier held before them, and lift their customers to the tier that they reach.

    History earns only where the import says so, but always counts for the tier. A customer with several orders in one
    batch goes through them one by one, in the order of time.
    """
    earns = programme.settings().points_on and (batch.live or batch.data.get("earn", False))
    if not earns:
        customers = _customers(batch.ids)
        accounts.open_many(customers, batch.at)
        tiers.raise_tiers(customer_ids=customers, at=batch.at, live=batch.live)
        return
    for customers, order_ids in _rounds(batch.ids):
        earning.earn_for_orders(order_ids=order_ids, multipliers=tier_selectors.multipliers(customers))
        tiers.raise_tiers(customer_ids=customers, at=batch.at, live=batch.live)


@events.listens(ORDER_CHANGED)
def changed_orders_change_points(batch: events.Batch) -> None:
    """An order with new content keeps what it now deserves, by the rule version that it earned by."""
    fresh = list(Order.objects.filter(pk__in=batch.ids, live=True).values_list("pk", flat=True))
    customers = _customers(batch.ids)
    if programme.settings().points_on and batch.live:
        earning.earn_for_orders(order_ids=fresh, multipliers=tier_selectors.multipliers(customers))
    reversal.follow_orders(order_ids=batch.ids, source=f"change:{batch.event_id}", at=batch.at, content_changed=True)
    tiers.raise_tiers(customer_ids=customers, at=batch.at, live=batch.live)


@events.listens(ORDER_CANCELLED)
def cancelled_orders_lose_points(batch: events.Batch) -> None:
    """What a cancelled order earned is taken back, and points spent on it return."""
    reversal.follow_orders(order_ids=batch.ids, source=f"cancel:{batch.event_id}", at=batch.at)
    returns.return_for_orders(order_ids=batch.ids, source=f"cancel:{batch.event_id}", at=batch.at)


@events.listens(ORDER_REFUNDED)
def refunds_take_points_back(batch: events.Batch) -> None:
    """A refund takes points back in proportion; the source of the entry is the refund."""
    for refund_id, order_id in Refund.objects.filter(pk__in=batch.ids).order_by("pk").values_list("pk", "order_id"):
        reversal.follow_orders(order_ids=[order_id], source=f"refund:{refund_id}", at=batch.at)
        returns.return_for_orders(order_ids=[order_id], source=f"refund:{refund_id}", at=batch.at)


@sweeps.nightly("expire_points")
def points_expire(now: datetime) -> int:
    return expiry.expire(now)


@sweeps.nightly("review_tiers")
def tiers_are_reviewed(now: datetime) -> int:
    return tiers.review(now)


@sweeps.nightly("prove_ledger")
def ledger_is_proved(now: datetime) -> int:
    return proof.prove(now).accounts


def _customers(order_ids: list[int]) -> set[int]:
    return set(Order.objects.filter(pk__in=order_ids).values_list("customer_id", flat=True))


def _rounds(order_ids: list[int]) -> list[tuple[set[int], list[int]]]:
    """Orders in rounds of at most one per customer, oldest first: (customers, orders) of each round."""
    rounds: list[tuple[set[int], list[int]]] = []
    of_customer: dict[int, int] = {}
    rows = Order.objects.filter(pk__in=order_ids).order_by("placed_at", "id").values_list("pk", "customer_id")
    for order_id, customer_id in rows:
        turn = of_customer.get(customer_id, 0)
        of_customer[customer_id] = turn + 1
        if turn == len(rounds):
            rounds.append((set(), []))
        rounds[turn][0].add(customer_id)
        rounds[turn][1].append(order_id)
    return rounds
