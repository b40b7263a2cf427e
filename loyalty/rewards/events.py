"""What rewards and coupons announce."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class RewardRedeemed(DomainEvent, name="reward_redeemed"):
    """A member redeemed a reward; `ids` are redemptions."""


@dataclass(frozen=True, kw_only=True)
class CouponUsed(DomainEvent, name="coupon_used"):
    """A coupon was used; `ids` are coupon uses."""
