from loyalty.points.models import EarningRule
from loyalty.tiers.forms import TierForm
from loyalty.tiers.models import Tier

VALUES = {
    "name_en": "Silver", "name_hans": "银卡", "name_hant": "銀卡", "enter_at": "3000", "keep_at": "2500", "multiplier": "1.3",
    "service_level": "priority", "ramp": "2",
}  # fmt: skip


def test_keeping_a_tier_cannot_need_more_than_reaching_it(programme: EarningRule) -> None:
    silver = Tier.objects.get(code="silver")

    form, refused = (TierForm({**VALUES, "keep_at": keep_at}, instance=silver) for keep_at in ("3000", "3001"))

    assert form.is_valid()
    assert form.values()["names"] == {"en": "Silver", "zh-hans": "银卡", "zh-hant": "銀卡"}
    assert set(refused.errors) == {"keep_at"}
