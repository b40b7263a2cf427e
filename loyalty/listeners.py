"""What this app hears, and what it does by night."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from crm.kernel import events, sweeps
from customers.orders.events import ORDER_CANCELLED, ORDER_CHANGED, ORDER_RECORDED, ORDER_REFUNDED
from customers.orders.models import Order, Refund
from loyalty import defaults
from loyalty.account import letters
from loyalty.points import accounts, earning, expiry, programme, proof, returns, reversal
from loyalty.points import looks as point_looks
from loyalty.rewards import looks as reward_looks
from loyalty.tiers import looks as tier_looks
from loyalty.tiers import selectors as tier_selectors
from loyalty.tiers import services as tiers

__all__ = ["defaults", "letters", "point_looks", "reward_looks", "tier_looks"]


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
    rounds = _rounds(batch.ids)
    for turn in rounds[:-1]:
        _earn_and_rise(turn, batch, turn.placed_at)
    _earn_and_rise(rounds[-1], batch, {})
    if len(rounds) > 1:
        tiers.raise_tiers(customer_ids=rounds[0].placed_at, at=batch.at, live=batch.live)


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


@dataclass
class Round:
    """At most one order of each customer: customer id → when it was placed, and the orders."""

    placed_at: dict[int, datetime] = field(default_factory=dict)
    order_ids: list[int] = field(default_factory=list)


def _rounds(order_ids: list[int]) -> list[Round]:
    """The orders of a batch so that each round holds the next order of each customer, by time."""
    rounds = [Round()]
    turns: Counter[int] = Counter()
    rows = (
        Order.objects.filter(pk__in=order_ids).order_by("placed_at", "id").values_list("pk", "customer_id", "placed_at")
    )
    for order_id, customer_id, placed_at in rows:
        turn = turns[customer_id]
        turns[customer_id] += 1
        if turn == len(rounds):
            rounds.append(Round())
        rounds[turn].placed_at[customer_id] = placed_at
        rounds[turn].order_ids.append(order_id)
    return rounds


def _earn_and_rise(turn: Round, batch: events.Batch, until: dict[int, datetime]) -> None:
    customers = list(turn.placed_at)
    earning.earn_for_orders(order_ids=turn.order_ids, multipliers=tier_selectors.multipliers(customers))
    tiers.raise_tiers(customer_ids=customers, at=batch.at, live=batch.live, until=until)
