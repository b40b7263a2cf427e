"""The orders of a batch in stretches that earn at one tier: of a customer's stretch only the last order can lift him.

So a batch takes as many rounds as somebody climbs tiers in it, however many orders he has there.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from customers.orders.models import Order
from loyalty.points import program_settings
from loyalty.tiers import rules, selectors

EarningRound = dict[int, list[Order]]  # each customer's orders in the order of time, by his id


def split_into_rounds(orders: Iterable[Order], at: datetime) -> list[EarningRound]:
    """The first stretch of everybody, the second of those who have one, and so on. Three queries where somebody has several orders."""
    by_customer: EarningRound = {}
    for order in sorted(orders, key=lambda order: (order.placed_at, order.pk)):
        by_customer.setdefault(order.customer_id, []).append(order)
    several = [customer_id for customer_id, own in by_customer.items() if len(own) > 1]
    if not several or not program_settings.loyalty_settings().tiers_on:
        return [by_customer]

    bands = [tier.band for tier in selectors.tiers_by_rank()]
    held = {customer_id: grant.tier.rank for customer_id, grant in selectors.current_grants(several).items()}
    spent = selectors.customer_spends_by_order(
        [order.pk for customer_id in several for order in by_customer[customer_id]], at
    )
    stretches: list[EarningRound] = [{}]
    for customer_id, own in by_customer.items():
        for turn, part in enumerate(_parts_by_tier(own, held.get(customer_id, -1), spent, bands)):
            if turn == len(stretches):
                stretches.append({})
            stretches[turn][customer_id] = part
    return stretches


def _parts_by_tier(
    own: list[Order], rank: int, spent: dict[int, Decimal], bands: Sequence[rules.TierBand]
) -> Iterator[list[Order]]:
    begun = 0
    for end, order in enumerate(own[:-1], start=1):
        if band := rules.band_to_rise_to(rank, spent[order.pk], bands):
            yield own[begun:end]
            begun, rank = end, band.rank
    yield own[begun:]
