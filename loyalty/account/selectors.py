"""What the pages of one member show: the staff's and the member's own."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from crm.kernel.money import Money
from customers.profiles.models import Customer
from loyalty.account.waiting_orders import WaitingOrders, customer_waiting_orders
from loyalty.points import program_settings, rules
from loyalty.points import selectors as points
from loyalty.points.models import LedgerEntry
from loyalty.points.selectors import ExpiringPoints, PointsBalance
from loyalty.rewards import quotes
from loyalty.rewards import selectors as rewards
from loyalty.rewards.models import Coupon
from loyalty.rewards.selectors import RewardOffer
from loyalty.tiers import selectors as tiers
from loyalty.tiers.selectors import TierStanding

SHORT_HISTORY, LONG_HISTORY = 8, 200
SOON_DAYS = 45


@dataclass(frozen=True)
class MemberAccount:
    """A customer's points, tier, coupons, offers and history at an instant."""

    customer: Customer
    balance: PointsBalance
    points_value: Money
    tier_standing: TierStanding | None
    expiring: list[ExpiringPoints]
    coupons: list[Coupon]
    offers: list[RewardOffer]
    entries: list[LedgerEntry]
    has_more: bool
    days_left: int | None
    form_key: str
    waiting: WaitingOrders = field(default_factory=WaitingOrders)

    @property
    def shows_points(self) -> bool:
        return shows_points(self.balance)

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON_DAYS


def shows_points(balance: PointsBalance) -> bool:
    """Whether points mean something to the member: the programme has them, or some are left from when it had."""
    return program_settings.loyalty_settings().points_on or balance.posted != 0 or balance.debt > 0


def get_member_account(customer: Customer, at: datetime, *, whole_history: bool = False) -> MemberAccount:
    """The account with everything on it. A dozen queries, whatever its size."""
    balance = points.get_points_balance(customer.pk, at)
    limit = LONG_HISTORY if whole_history else SHORT_HISTORY
    entries = list(points.ledger_history(customer.pk).order_by("-at", "-id")[: limit + 1])
    today = rules.expiry_day(at, program_settings.program_time_zone())
    return MemberAccount(
        customer=customer,
        balance=balance,
        points_value=quotes.points_value(max(balance.available, 0)),
        tier_standing=tiers.get_tier_standing(customer.pk, at),
        expiring=points.customer_expiring_points(customer.pk, at=at),
        coupons=list(rewards.usable_coupons(customer.pk, at)[:50]),
        offers=rewards.reward_offers(customer.pk, at),
        entries=entries[:limit],
        has_more=len(entries) > limit and not whole_history,
        days_left=(balance.next_day - today).days if balance.next_day else None,
        form_key=uuid.uuid4().hex,
        waiting=customer_waiting_orders(customer.pk),
    )
