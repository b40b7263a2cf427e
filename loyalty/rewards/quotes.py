"""What would happen if: points to spend, a reward to redeem, an order to place. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.kernel import company
from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.points import program_settings, rules
from loyalty.points import selectors as points_selectors
from loyalty.rewards import selectors
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors as tiers


@dataclass(frozen=True)
class QuoteResult:
    """Whether it can be done now, why not, and what it means in points and money."""

    possible: bool
    why: str
    points: int
    available: int
    value: Money


def quote_points(*, customer: Customer, points: int, at: datetime) -> QuoteResult:
    """Spending points on an order."""
    available = points_selectors.get_points_balance(customer.pk, at).available
    enough = available >= points
    return QuoteResult(enough, "" if enough else "insufficient_points", points, available, points_value(points))


def quote_reward(*, customer: Customer, reward: Reward, at: datetime) -> QuoteResult:
    """Redeeming a reward."""
    offer = next((offer for offer in selectors.reward_offers(customer.pk, at) if offer.reward.pk == reward.pk), None)
    available = points_selectors.get_points_balance(customer.pk, at).available
    why = offer.why if offer else "not_offered"
    return QuoteResult(not why, why, reward.price, available, points_value(reward.price))


def quote_order(*, customer: Customer, amount: Decimal, at: datetime) -> QuoteResult:
    """What an order of so much in the base currency would earn at the member's tier."""
    multiplier = tiers.points_multipliers([customer.pk]).get(customer.pk, Decimal(1))
    earning = [rule for rule in points_selectors.current_earning_rules() if rule.kind == "per_money"]
    points = (
        sum(rules.points_earned(rule.rate, amount, multiplier) for rule in earning)
        if program_settings.loyalty_settings().points_on
        else 0
    )
    available = points_selectors.get_points_balance(customer.pk, at).available
    return QuoteResult(True, "", points, available, points_value(points))


def points_value(points: int) -> Money:
    """Points in money, by the programme's value of a point."""
    return Money(
        (points * program_settings.loyalty_settings().point_value).quantize(Decimal("0.01")),
        company.get_company().base_currency,
    )
