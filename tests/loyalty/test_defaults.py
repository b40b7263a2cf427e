from loyalty import defaults
from loyalty.points.models import EarningRule
from loyalty.rewards.models import Reward
from loyalty.tiers.models import Tier


def test_what_the_company_changed_stays(programme: EarningRule) -> None:
    Tier.objects.filter(code="gold").update(enter_at=7_000)
    Reward.objects.update(price=1_500)

    defaults.ensure_loyalty_program()

    assert list(Tier.objects.values_list("code", "enter_at")) == [
        ("member", 0), ("silver", 2_000), ("gold", 7_000), ("reserve", 18_000),
    ]  # fmt: skip
    assert [reward.price for reward in Reward.objects.all()] == [1_500]
    assert EarningRule.objects.count() == 1
