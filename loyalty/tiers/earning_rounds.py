"""Split the orders of a batch into rounds in which every customer earns at one tier.

Of a customer's orders in a round only the last can raise the tier, so a batch takes one round more than the most tiers
that somebody rises in it, however many orders there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from customers.orders.models import Order
from loyalty.points import program_settings
from loyalty.tiers import rules, selectors

EarningRound = dict[int, list[Order]]  # customer id → their orders of the round, oldest first


def split_into_rounds(orders: Iterable[Order], at: datetime) -> list[EarningRound]:
    """The first round has every customer, the next only those with more orders. Three queries if somebody has several orders."""
    by_customer: EarningRound = {}
    for order in sorted(orders, key=lambda order: (order.placed_at, order.pk)):
        by_customer.setdefault(order.customer_id, []).append(order)
    several = [customer_id for customer_id, customer_orders in by_customer.items() if len(customer_orders) > 1]
    if not several or not program_settings.loyalty_settings().tiers_on:
        return [by_customer]

    bands = [tier.band for tier in selectors.tiers_by_rank()]
    ranks = {customer_id: grant.tier.rank for customer_id, grant in selectors.current_grants(several).items()}
    spent = selectors.customer_spends_by_order(
        [order.pk for customer_id in several for order in by_customer[customer_id]], at
    )
    rounds: list[EarningRound] = [{}]
    for customer_id, customer_orders in by_customer.items():
        for number, part in enumerate(_parts_by_tier(customer_orders, ranks.get(customer_id, -1), spent, bands)):
            if number == len(rounds):
                rounds.append({})
            rounds[number][customer_id] = part
    return rounds


def _parts_by_tier(
    customer_orders: list[Order], rank: int, spent: dict[int, Decimal], bands: Sequence[rules.TierBand]
) -> Iterator[list[Order]]:
    """A customer's orders, cut after each one that raises the tier."""
    start = 0
    for end, order in enumerate(customer_orders[:-1], start=1):
        if band := rules.band_to_rise_to(rank, spent[order.pk], bands):
            yield customer_orders[start:end]
            start, rank = end, band.rank
    yield customer_orders[start:]
