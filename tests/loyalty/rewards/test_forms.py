from typing import Any

from loyalty.points.models import EarningRule
from loyalty.rewards.forms import RewardForm
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors as tiers


def test_a_stored_reward_is_shown_as_it_is(programme: EarningRule) -> None:
    reward = Reward.objects.get()

    form = RewardForm(instance=reward, tiers=tiers.tiers_by_rank())

    shown: dict[str, Any] = {name: form[name].value() for name in ("name_hans", "value", "minimum", "discount", "kind")}
    assert shown == {
        "name_hans": "20 元优惠券", "value": "20", "minimum": "150", "discount": "amount", "kind": "coupon",
    }  # fmt: skip
    assert [rank for rank, _name in form.fields["tier_rank"].choices] == [0, 2, 3, 4]


def test_its_values_are_what_the_catalogue_keeps(programme: EarningRule) -> None:
    names = {f"name_{language}": "Tea" for language in ("en", "hans", "hant")}
    form = RewardForm(
        {
            **names,
            "price": "50",
            "tier_rank": "2",
            "discount": "percent",
            "value": "5",
            "minimum": "0",
            "valid_days": "7",
        },
        tiers=tiers.tiers_by_rank(),
    )

    assert form.is_valid(), form.errors
    values = form.values()
    assert values["names"] == {"en": "Tea", "zh-hans": "Tea", "zh-hant": "Tea"}
    assert (values["kind"], values["tier_rank"], values["discount"], values["active"]) == (
        "coupon",
        2,
        "percent",
        False,
    )
