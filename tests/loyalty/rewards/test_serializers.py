from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from loyalty.rewards.serializers import CouponCheckRequest, QuoteRequest, RedeemRequest


@pytest.mark.parametrize("body", [{}, {"points": 5, "reward": "rw_1"}, {"points": 5, "amount": "1"}])
def test_a_quote_needs_exactly_one_of_its_fields(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        QuoteRequest.validate_record(body)

    assert str(refused.value.detail["points"][0]) == "Give exactly one of: points, reward, amount."  # type: ignore[call-overload, index]


def test_points_are_redeemed_on_an_order() -> None:
    body = {"points": 5, "order": {"source": "pos", "number": "T-1"}}

    assert RedeemRequest.validate_record(body) == body


def test_a_currency_has_three_capitals() -> None:
    with pytest.raises(ValidationError):
        CouponCheckRequest.validate_record({"code": "X", "currency": "cny"})
