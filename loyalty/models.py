"""The models of every area, for Django."""

from loyalty.points.models import Allocation, EarningRule, LedgerEntry, LedgerProof, PointsAccount, PointsLot
from loyalty.rewards.models import Coupon, CouponUse, Redemption, Reward
from loyalty.tiers.models import Tier, TierGrant

__all__ = [
    "Allocation",
    "Coupon",
    "CouponUse",
    "EarningRule",
    "LedgerEntry",
    "LedgerProof",
    "PointsAccount",
    "PointsLot",
    "Redemption",
    "Reward",
    "Tier",
    "TierGrant",
]
