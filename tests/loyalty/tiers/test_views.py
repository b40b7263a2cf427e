from typing import Any

import pytest

from loyalty.points.models import EarningRule
from loyalty.tiers.models import Tier


@pytest.mark.rule("LO-10")
def test_editing_a_rule_makes_its_next_version(programme: EarningRule, client_as: Any) -> None:
    client = client_as("marketing")
    form = {
        "points": "2", "per": "1", "minimum": "0", "cap": "", "rounding": "floor", "pending_days": "14", "expiry_mode": "end_of_year",
        "expiry_months": "12", "expiry_date": "", "refund_policy": "write_off", "reinstate_days": "30",
    }  # fmt: skip

    answers = [client.post("/loyalty/terms/rules/purchase/", form) for _turn in range(2)]
    refused = client.post("/loyalty/terms/rules/purchase/", {**form, "expiry_mode": "fixed_date"})

    assert ([answer.status_code for answer in answers], refused.status_code) == ([302, 302], 422)
    versions = EarningRule.objects.order_by("version").values_list("version", "points", "pending_days")
    assert [(version, int(points), days) for version, points, days in versions] == [(1, 1, 0), (2, 2, 14)]


def test_a_tier_that_would_stand_out_of_order_is_refused(programme: EarningRule, client_as: Any) -> None:
    form = {
        "name_en": "Silver", "name_hans": "银卡", "name_hant": "銀卡", "enter_at": "7000", "keep_at": "100", "multiplier": "1.2",
        "service_level": "standard", "ramp": "2",
    }  # fmt: skip

    answer = client_as("marketing").post("/loyalty/terms/tiers/silver/", form)

    assert answer.status_code == 422
    assert Tier.objects.get(code="silver").enter_at == 2000
