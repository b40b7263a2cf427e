from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.rewards import selectors, services
from loyalty.rewards.models import Coupon, Reward


@pytest.mark.rule("LO-42")
def test_offers_begin_with_what_can_be_had(member: Any, django_assert_num_queries: Any) -> None:
    for price, tier_rank in ((9_000, 0), (100, 4), (5_000, 0)):
        Reward.objects.create(price=price, tier_rank=tier_rank, value=10, currency="CNY", created_at=clock.now())

    with django_assert_num_queries(4):
        offers = selectors.reward_offers(member.pk, clock.now())

    assert [(offer.reward.price, offer.refusal, offer.points_missing) for offer in offers] == [
        (2_000, "", 0), (5_000, "", 0), (100, "tier_too_low", 0), (9_000, "insufficient_points", 4_000),
    ]  # fmt: skip


def test_redemptions_and_coupons_are_the_members_own(member: Any, make_customer: Any) -> None:
    other = make_customer("Other")
    redemption = services.redeem_reward(customer=member, reward=Reward.objects.get(), at=clock.now(), key="k")

    assert list(selectors.customer_redemptions(member.pk)) == [redemption]
    assert selectors.find_redemption(other.pk, redemption.public_id) is None
    assert list(selectors.usable_coupons(member.pk, clock.now())) == [Coupon.objects.get()]
    assert not selectors.usable_coupons(member.pk, clock.now() + timedelta(days=40)).exists()
    assert selectors.rewards_with_redemptions(clock.now() - timedelta(days=1)) == [(redemption.reward, 1)]
    assert redemption.coupon is not None
    assert selectors.find_coupon(redemption.coupon.code.lower()) == redemption.coupon
    assert redemption.coupon.value == Decimal(20)
