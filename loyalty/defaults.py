"""The programme of a fresh installation: one point per unit of money, four tiers, one coupon; in three languages."""

from decimal import Decimal

from django.core.cache import cache

from crm.kernel import company
from crm.kernel.ops import defaults
from crm.kernel.time import clock
from loyalty.points.choices import ExpiryMode
from loyalty.points.earning_kinds.per_money import PER_MONEY
from loyalty.points.models import EarningRule
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier
from loyalty.tiers.services import TIER_NAMES_KEY

PURCHASE_RULE_NAMES = {"en": "Purchases", "zh-hans": "购物", "zh-hant": "購物"}

# code, names, spend to reach, spend to keep, times the points, service level
DEFAULT_TIERS = (
    ("member", {"en": "Member", "zh-hans": "会员", "zh-hant": "會員"}, 0, 0, "1", "standard"),
    ("silver", {"en": "Silver", "zh-hans": "银卡", "zh-hant": "銀卡"}, 2_000, 1_500, "1.2", "standard"),
    ("gold", {"en": "Gold", "zh-hans": "金卡", "zh-hant": "金卡"}, 6_000, 5_000, "1.5", "priority"),
    ("reserve", {"en": "Reserve", "zh-hans": "典藏", "zh-hant": "典藏"}, 18_000, 15_000, "2", "vip"),
)
COUPON_NAMES = {"en": "20 off your next order", "zh-hans": "20 元优惠券", "zh-hant": "20 元優惠券"}
COUPON_DETAILS = {
    "en": "For orders of 150 or more, in store and online.",
    "zh-hans": "消费满 150 元可用，门店及网店通用。",
    "zh-hant": "消費滿 150 元可用，門市及網店通用。",
}


@defaults.register_defaults("loyalty")
def ensure_loyalty_program() -> None:
    """Make what is missing; what the company changed stays."""
    now = clock.now()
    if not EarningRule.objects.filter(code="purchase").exists():
        EarningRule.objects.create(
            code="purchase", version=1, names=PURCHASE_RULE_NAMES, kind=PER_MONEY, points=1, per=1,
            expiry_mode=ExpiryMode.END_OF_MONTH, expiry_months=12, started_at=now,
        )  # fmt: skip
    if not Tier.objects.exists():
        Tier.objects.bulk_create(
            Tier(
                code=code, rank=rank, names=names, enter_at=enter, keep_at=keep, multiplier=Decimal(times),
                service_level=service, ramp=rank,
            )
            for rank, (code, names, enter, keep, times, service) in enumerate(DEFAULT_TIERS, start=1)
        )  # fmt: skip
        cache.delete(TIER_NAMES_KEY)
    if not Reward.objects.exists():
        Reward.objects.create(
            code="coupon-20", names=COUPON_NAMES, details=COUPON_DETAILS, price=2_000, value=20, minimum=150,
            currency=company.get_company().base_currency, created_at=now,
        )  # fmt: skip
