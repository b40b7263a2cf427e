from django.utils import translation

from loyalty.points.models import EarningRule
from loyalty.tiers import extensions


def test_a_tier_is_shown_by_its_name_and_an_unknown_one_by_its_code(programme: EarningRule) -> None:
    with translation.override("zh-hant"):
        known = extensions.TIER_FACT.format("gold", None)
    unknown = extensions.TIER_FACT.format("platinum", None)

    assert (known.text, unknown.text) == ("金卡", "platinum")
    assert [code for code, _name in extensions.TIER_FACT.choices()] == ["member", "silver", "gold", "reserve"]


def test_a_service_level_is_shown_in_words() -> None:
    assert extensions.SERVICE_LEVEL_FACT.format("vip", None).text == "Own adviser"
