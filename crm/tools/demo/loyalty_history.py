"""The programme over the years: points run out, terms end, members redeem, goods come back."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.tools.demo.example_staff import ExampleStaff
from customers.orders.models import Order
from customers.orders.services import RefundedLine, record_refund
from loyalty.points import expiry, ledger_check
from loyalty.points.models import PointsAccount
from loyalty.rewards import services as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import services as tiers

EXAMPLE_REWARDS: tuple[dict[str, Any], ...] = (
    {
        "code": "coupon-60", "price": 5_000, "value": 60, "minimum": 300, "stock": 240,
        "names": {"en": "60 off your next order", "zh-hans": "60 元优惠券", "zh-hant": "60 元優惠券"},
        "details": {"en": "For orders of 300 or more.", "zh-hans": "消费满 300 元可用。", "zh-hant": "消費滿 300 元可用。"},
    },
    {
        "code": "ten-percent", "price": 3_000, "value": 10, "minimum": 0, "discount": "percent", "per_member": 4,
        "names": {"en": "10% off an order", "zh-hans": "全单九折券", "zh-hant": "全單九折券"},
        "details": {"en": "On everything in one order.", "zh-hans": "单笔订单全部商品适用。", "zh-hant": "單筆訂單全部商品適用。"},
    },
    {
        "code": "reserve-200", "price": 12_000, "value": 200, "minimum": 600, "stock": 18, "tier_rank": 3,
        "names": {"en": "200 off, for Gold and Reserve", "zh-hans": "金卡以上专享 200 元券", "zh-hant": "金卡以上專享 200 元券"},
        "details": {"en": "For orders of 600 or more.", "zh-hans": "消费满 600 元可用。", "zh-hant": "消費滿 600 元可用。"},
    },
)  # fmt: skip
REFUND_REASONS = ("罐盖破损 Broken lid", "寄错商品 Wrong article", "包装受潮 Damp parcel", "改变心意 Changed his mind")


def create_rewards(at: datetime) -> None:
    """A few rewards beside the one of every fresh installation."""
    for fields in EXAMPLE_REWARDS:
        Reward.objects.get_or_create(code=fields["code"], defaults={**fields, "currency": "CNY", "created_at": at})


def close_month(*, at: datetime, dice: random.Random, staff: ExampleStaff) -> None:
    """What the nights of a month did, and who redeemed; the ledger is proved as every night."""
    expiry.expire_points(at)
    tiers.review_tiers(at)
    redeem_some_rewards(at=at, dice=dice, staff=staff)
    ledger_check.record_ledger_proof(at)


def redeem_some_rewards(*, at: datetime, dice: random.Random, staff: ExampleStaff) -> None:
    """Some of those who can afford a reward take one; some of them use it up, by day."""
    catalogue = list(Reward.objects.filter(active=True).order_by("price", "pk"))
    rich = PointsAccount.objects.filter(posted__gte=catalogue[0].price).order_by("pk").values_list("pk", flat=True)
    chosen = [pk for pk in rich if dice.random() <= 0.04]
    for account in PointsAccount.objects.filter(pk__any=chosen).select_related("customer").order_by("pk"):
        reward = dice.choice([each for each in catalogue if each.price <= account.posted])
        moment = (at - timedelta(days=dice.randrange(1, 9))).replace(
            hour=dice.randrange(2, 13), minute=dice.randrange(60)
        )
        by = staff["service"] if dice.random() < 0.4 else None
        try:
            done = rewards.redeem_reward(
                customer=account.customer, reward=reward, at=moment, key=f"demo-{at:%Y%m%d}", by=by
            )
        except (rewards.NotEnoughPoints, rewards.OutOfStock, rewards.RewardLimitReached, rewards.TierTooLow):
            continue
        if dice.random() < 0.03:
            rewards.cancel_redemption(redemption=done, by=staff["service"], at=moment + timedelta(hours=1))


def refund_some_orders(*, orders: Sequence[Order], at: datetime, dice: random.Random, staff: ExampleStaff) -> None:
    """One order in a hundred comes back, wholly or a line of it."""
    for order in orders:
        if order.status == "cancelled" or dice.random() > 0.009:
            continue
        lines = list(order.lines.order_by("position"))
        line = dice.choice(lines) if dice.random() < 0.7 else None
        parts = {"lines": (RefundedLine(line),)} if line else {"amount": order.refundable_amount}
        moment = min(at, order.placed_at + timedelta(days=dice.randrange(1, 9)))
        record_refund(
            order=order, source_ref=f"R-{order.number}", at=at, refunded_at=moment,
            reason=dice.choice(REFUND_REASONS), live=False, **parts,
        )  # fmt: skip
