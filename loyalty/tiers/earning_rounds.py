"""The orders of a batch in stretches that earn at one tier: of a customer's stretch only the last order can lift him.

So a batch takes as many rounds as somebody climbs tiers in it, however many orders he has there.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from customers.orders.models import Order
from loyalty.points import program_settings
from loyalty.tiers import rules, selectors

Stretch = dict[int, list[Order]]  # each customer's orders in the order of time, by his id


def of_orders(orders: Iterable[Order], at: datetime) -> list[Stretch]:
    """The first stretch of everybody, the second of those who have one, and so on. Three queries where somebody has several orders."""
    by_customer: Stretch = {}
    for order in sorted(orders, key=lambda order: (order.placed_at, order.pk)):
        by_customer.setdefault(order.customer_id, []).append(order)
    several = [customer_id for customer_id, own in by_customer.items() if len(own) > 1]
    if not several or not program_settings.settings().tiers_on:
        return [by_customer]

    bands = [tier.band for tier in selectors.ladder()]
    held = {customer_id: grant.tier.rank for customer_id, grant in selectors.present(several).items()}
    spent = selectors.spends_through([order.pk for customer_id in several for order in by_customer[customer_id]], at)
    stretches: list[Stretch] = [{}]
    for customer_id, own in by_customer.items():
        for turn, part in enumerate(_parts(own, held.get(customer_id, -1), spent, bands)):
            if turn == len(stretches):
                stretches.append({})
            stretches[turn][customer_id] = part
    return stretches


def _parts(
    own: list[Order], rank: int, spent: dict[int, Decimal], bands: Sequence[rules.Band]
) -> Iterator[list[Order]]:
    begun = 0
    for end, order in enumerate(own[:-1], start=1):
        if band := rules.raised(rank, spent[order.pk], bands):
            yield own[begun:end]
            begun, rank = end, band.rank
    yield own[begun:]
