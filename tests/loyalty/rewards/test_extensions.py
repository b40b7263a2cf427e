from django.utils import translation

from customers.profiles import timeline
from loyalty.rewards import extensions

DATA = {"names": {"en": "Ten off", "zh-hans": "九折"}, "points": 1200, "code": "7K2M", "reference": "pos:T-1"}


def test_the_timeline_says_what_was_redeemed_in_the_readers_language() -> None:
    values = extensions._timeline_values(DATA)
    with translation.override("zh-hans"):
        name = extensions._timeline_values(DATA)["name"]

    assert values == {"name": "Ten off", "points": "1,200", "code": "7K2M", "reference": "pos:T-1"}
    assert name == "九折"


def test_every_kind_of_the_area_stands_in_the_group_of_loyalty() -> None:
    kinds = ("reward_redeemed", "redemption_cancelled", "coupon_issued", "coupon_used")

    assert {timeline.timeline_kinds[kind].group for kind in kinds} == {"loyalty"}
