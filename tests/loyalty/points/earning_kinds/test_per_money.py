from decimal import Decimal

import pytest
from django.utils import translation

from loyalty.points.earning_kinds import registry
from loyalty.points.earning_kinds.per_money import PER_MONEY
from loyalty.points.models import EarningRule

RULE = EarningRule(kind=PER_MONEY, points=Decimal("1.5"), per=Decimal(10))


@pytest.mark.rule("LO-10")
@pytest.mark.parametrize(("amount", "multiplier", "exact"), [("100", "1", "15"), ("33", "2", "9.9"), ("0", "2", "0")])
def test_points_are_the_rate_times_the_tier(amount: str, multiplier: str, exact: str) -> None:
    kind = registry.get_earning_kind(PER_MONEY)

    assert kind.exact_points(RULE, Decimal(amount), Decimal(multiplier)) == Decimal(exact)


def test_the_rate_is_said_in_the_readers_language(db: None) -> None:
    kind = registry.get_earning_kind(PER_MONEY)

    assert kind.rate_text(RULE) == "1.5 for each ¥10"
    with translation.override("zh-hans"):
        assert kind.rate_text(RULE) == "每 ¥10 得 1.5"
