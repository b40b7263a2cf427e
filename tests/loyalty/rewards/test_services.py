from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.rewards import services
from loyalty.rewards.models import Coupon, Redemption, Reward


@pytest.fixture
def reward(programme: EarningRule) -> Reward:
    found = Reward.objects.get()
    Reward.objects.update(stock=2)
    return found


@pytest.mark.rule("LO-40")
def test_redeeming_lowers_points_and_stock_once_and_gives_a_coupon(reward: Reward, member: Any, balance: Any) -> None:
    first = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="form-1")
    again = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="form-1")

    reward.refresh_from_db()
    assert first == again
    assert (balance(member).available, reward.stock, Coupon.objects.count()) == (3000, 1, 1)
    assert first.coupon is not None
    assert (first.coupon.customer, first.coupon.value, first.coupon.minimum, first.coupon.limit) == (member, 20, 150, 1)


@pytest.mark.rule("LO-40")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"price": 5001}, services.NotEnoughPoints),
        ({"stock": 0}, services.OutOfStock),
        ({"active": False}, services.RewardNotOffered),
        ({"tier_rank": 3}, services.TierTooLow),
        ({"per_member": 0}, services.RewardLimitReached),
    ],
)
def test_a_refused_redemption_changes_nothing(
    reward: Reward, member: Any, balance: Any, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    Reward.objects.update(**changes)

    with pytest.raises(refusal):
        services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")

    reward.refresh_from_db()
    assert balance(member).available == 5000
    assert reward.stock == changes.get("stock", 2)
    assert (Redemption.objects.count(), Coupon.objects.count(), LedgerEntry.objects.filter(kind="spend").count()) == (
        0,
        0,
        0,
    )
