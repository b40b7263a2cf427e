from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.kernel.time import clock
from loyalty.points.models import EarningRule
from loyalty.rewards import services
from loyalty.rewards.models import Coupon, Reward


@pytest.mark.rule("LO-40")
@pytest.mark.parametrize(
    "values", [{"price": 0}, {"value": 0}, {"discount": "percent", "value": 101}, {"code": "coupon-20"}]
)
def test_a_reward_that_makes_no_sense_is_refused_by_the_database(
    programme: EarningRule, values: dict[str, Any]
) -> None:
    fields = {"price": 100, "value": 5, "currency": "CNY", "created_at": clock.now(), **values}

    with pytest.raises(IntegrityError), transaction.atomic():
        Reward.objects.create(**fields)

    assert Reward.objects.count() == 1


@pytest.mark.rule("LO-41")
def test_a_coupon_is_never_used_more_often_than_it_may(member: Any) -> None:
    services.redeem_reward(customer=member, reward=Reward.objects.get(), at=clock.now(), key="k")

    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.update(uses=2)

    assert Coupon.objects.get().uses == 0


def test_names_are_in_the_readers_language(programme: EarningRule) -> None:
    reward = Reward.objects.get()
    with translation.override("zh-hans"):
        assert (reward.name, reward.detail) == ("20 元优惠券", "消费满 150 元可用，门店及网店通用。")
