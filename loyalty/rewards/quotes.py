"""Quotes for spending points, redeeming a reward or placing an order; nothing changes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.kernel import company
from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.points import earning, program_settings
from loyalty.points import selectors as points_selectors
from loyalty.points.earning_kinds import registry
from loyalty.rewards import selectors
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors as tiers


@dataclass(frozen=True)
class QuoteResult:
    """Whether it can be done now, the word of the API for why not, and its points and money."""

    possible: bool
    refusal: str
    points: int
    available: int
    value: Money


def quote_points(*, customer: Customer, points: int, at: datetime) -> QuoteResult:
    """What spending points on an order would mean."""
    available = points_selectors.get_points_balance(customer.pk, at).available
    enough = available >= points
    return QuoteResult(enough, "" if enough else "insufficient_points", points, available, points_value(points))


def quote_reward(*, customer: Customer, reward: Reward, at: datetime) -> QuoteResult:
    """What redeeming a reward would mean."""
    offer = next((offer for offer in selectors.reward_offers(customer.pk, at) if offer.reward.pk == reward.pk), None)
    available = points_selectors.get_points_balance(customer.pk, at).available
    refusal = offer.refusal if offer else "not_offered"
    return QuoteResult(not refusal, refusal, reward.price, available, points_value(reward.price))


def quote_order(*, customer: Customer, amount: Decimal, at: datetime) -> QuoteResult:
    """What an order of so much in the base currency would earn at the member's tier."""
    multiplier = tiers.points_multipliers([customer.pk]).get(customer.pk, Decimal(1))
    codes = registry.order_kind_codes()
    earning_rules = [rule for rule in points_selectors.current_earning_rules() if rule.kind in codes]
    points = 0
    if program_settings.loyalty_settings().points_on:
        points = sum(earning.points_for_amount(rule, amount, multiplier)[1] for rule in earning_rules)
    available = points_selectors.get_points_balance(customer.pk, at).available
    return QuoteResult(True, "", points, available, points_value(points))


def points_value(points: int) -> Money:
    """Points in money, by the programme's value of a point."""
    return Money(
        (points * program_settings.loyalty_settings().point_value).quantize(Decimal("0.01")),
        company.get_company().base_currency,
    )
