from typing import Any

import pytest

from loyalty.points.models import EarningRule
from loyalty.rewards.models import Reward


@pytest.mark.rule("LO-40")
def test_a_reward_is_added_in_three_languages(programme: EarningRule, client_as: Any) -> None:
    form = {
        "name_en": "Tasting for two", "name_hans": "双人品茶会", "name_hant": "雙人品茶會", "price": "9000", "stock": "48",
        "tier_rank": "3", "discount": "percent", "value": "10", "minimum": "0", "valid_days": "30", "active": "on",
    }  # fmt: skip
    client = client_as("marketing")

    made = client.post("/loyalty/rewards/new/", form)
    refused = client.post("/loyalty/rewards/new/", {**form, "value": "101"})

    assert (made.status_code, refused.status_code) == (302, 422)
    reward = Reward.objects.get(price=9000)
    assert (reward.names["zh-hant"], reward.stock, reward.tier_rank, reward.currency) == ("雙人品茶會", 48, 3, "CNY")
