from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.rewards import coupons, selectors, services
from loyalty.rewards.models import Coupon, Reward
from loyalty.rewards.rules import CouponTerms


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


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize("typed", ["spring26", "Spring—26", "ＳＰＲＩＮＧ　26", "SPRING-26"])
def test_a_coupon_is_found_however_its_code_is_typed(
    member: Any, make_user: Any, typed: str, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    coupon = coupons.create_shared_coupon(
        code="Spring-26", terms=CouponTerms("amount", Decimal(5), "CNY"), valid_from=now, valid_until=now, limit=None,
        by=make_user("manager"), at=now,
    )  # fmt: skip

    with django_assert_num_queries(1):
        assert selectors.find_coupon(typed) == coupon
    assert coupon.code == "SPRING-26"
    assert selectors.find_coupon("SPRING-2") is None
    with pytest.raises(coupons.CouponCodeTaken):
        coupons.create_shared_coupon(
            code=typed, terms=CouponTerms("amount", Decimal(9), "CNY"), valid_from=now, valid_until=now, limit=None,
            by=make_user("manager"), at=now,
        )  # fmt: skip


def test_rewards_of_higher_tiers_are_left_out_while_there_are_no_tiers(member: Any, change_program: Any) -> None:
    Reward.objects.create(price=100, tier_rank=2, value=10, currency="CNY", created_at=clock.now())
    prices = lambda: [offer.reward.price for offer in selectors.reward_offers(member.pk, clock.now())]  # noqa: E731

    with_tiers = prices()
    change_program(tiers_on=False)

    assert (with_tiers, prices()) == ([100, 2_000], [2_000])
