from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from crm.kernel.time import clock
from loyalty.points.models import EarningRule
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors
from loyalty.tiers.benefits import tier_benefits
from loyalty.tiers.models import Tier


def benefits_by_code() -> dict[str, list[str]]:
    tiers = selectors.tiers_by_rank()
    texts = tier_benefits(tiers)
    return {tier.code: texts[tier.pk] for tier in tiers}


@pytest.mark.rule("LO-32")
def test_a_fresh_programme_promises_what_it_has(programme: EarningRule) -> None:
    assert benefits_by_code() == {
        "member": ["Points: 1 for each ¥1"],
        "silver": ["1.2 times the points"],
        "gold": ["1.5 times the points", "Priority service"],
        "reserve": ["2 times the points", "Own adviser"],
    }


@pytest.mark.rule("LO-32")
def test_benefits_follow_what_is_configured(programme: EarningRule, change_rule: Any) -> None:
    for rank, names, active in ((3, {"en": "Tasting", "zh-hans": "品茶会"}, True), (4, {"en": "Old"}, False)):
        Reward.objects.create(
            price=500, tier_rank=rank, names=names, value=10, currency="CNY", active=active, created_at=clock.now()
        )
    Tier.objects.filter(code="gold").update(multiplier=Decimal("1.75"), service_level="standard")
    change_rule(points=Decimal(2), per=Decimal(10))

    texts = benefits_by_code()
    with translation.override("zh-hans"):
        chinese = benefits_by_code()

    assert texts["member"] == ["Points: 2 for each ¥10"]
    assert texts["gold"] == ["1.75 times the points", "Reward: Tasting"]
    assert texts["reserve"] == ["2 times the points", "Own adviser", "Reward: Tasting"]
    assert chinese["gold"][1].endswith("品茶会")


@pytest.mark.rule("LO-60")
def test_a_programme_without_points_promises_none(programme: EarningRule, change_program: Any) -> None:
    change_program(points_on=False)

    assert benefits_by_code() == {"member": [], "silver": [], "gold": ["Priority service"], "reserve": ["Own adviser"]}
