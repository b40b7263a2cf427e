from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points.models import EarningRule, PointsLot
from loyalty.rewards import coupons, services
from loyalty.rewards.models import Coupon, Reward


@pytest.fixture
def reward(programme: EarningRule) -> Reward:
    found = Reward.objects.get()
    Reward.objects.update(stock=2)
    return found


@pytest.mark.rule("LO-40")
def test_cancelling_gives_points_and_stock_back_and_voids_the_coupon(
    reward: Reward, member: Any, make_user: Any, balance: Any
) -> None:
    lot = PointsLot.objects.get()
    redemption = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")

    for _turn in range(2):
        services.cancel_redemption(redemption=redemption, by=make_user("service"), at=clock.now())

    lot.refresh_from_db()
    reward.refresh_from_db()
    assert (lot.remaining, reward.stock, balance(member).available) == (5000, 2, 5000)
    coupon = Coupon.objects.get()
    assert (
        coupons.check_coupon(coupon=coupon, customer=member, amount=Decimal(500), currency="CNY", at=clock.now())
        == "cancelled"
    )


@pytest.mark.rule("LO-40")
def test_too_late_or_used_is_not_cancelled(reward: Reward, member: Any, make_user: Any, balance: Any) -> None:
    staff = make_user("service")
    first = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="a")
    second = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="b")
    coupons.use_coupon(
        coupon=second.coupon, customer=member, reference="shop:1", amount=Decimal(200), currency="CNY", at=clock.now()
    )

    with pytest.raises(services.CancellationTooLate):
        services.cancel_redemption(redemption=first, by=staff, at=clock.now() + timedelta(hours=24, seconds=1))
    with pytest.raises(services.BenefitAlreadyUsed):
        services.cancel_redemption(redemption=second, by=staff, at=clock.now())

    assert balance(member).available == 1000
