from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rewards import rules
from loyalty.rewards.rules import CouponState

NOW = datetime(2026, 3, 1, tzinfo=UTC)
VALID: dict[str, Any] = {
    "customer_id": 7, "currency": "CNY", "minimum": Decimal(150), "valid_from": NOW, "valid_until": NOW + timedelta(days=1),
    "cancelled": False, "uses": 0, "uses_of_customer": 0, "limit": 1, "limit_per_customer": 1,
}  # fmt: skip


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ({}, ""),
        ({"cancelled": True, "uses": 1}, "cancelled"),
        ({"valid_from": NOW + timedelta(seconds=1)}, "not_yet"),
        ({"valid_until": NOW}, "expired"),
        ({"customer_id": 8}, "wrong_customer"),
        ({"uses": 1}, "used"),
        ({"uses": 1, "customer_id": None}, "used_up"),
        ({"limit": None, "uses_of_customer": 1}, "used"),
        ({"currency": "HKD"}, "wrong_currency"),
        ({"minimum": Decimal("200.01")}, "below_minimum"),
    ],
)
def test_the_first_reason_that_holds_is_named(state: dict[str, Any], refusal: str) -> None:
    coupon = CouponState(**{**VALID, **state})

    assert rules.coupon_refusal(coupon, customer_id=7, amount=Decimal(200), currency="CNY", at=NOW) == refusal


@given(
    amount=st.decimals(0, 10_000, places=2),
    value=st.decimals("0.01", 100, places=2),
    kind=st.sampled_from(["amount", "percent"]),
)
def test_a_discount_is_never_more_than_the_amount(amount: Decimal, value: Decimal, kind: str) -> None:
    assert 0 <= rules.discount_amount(kind, value, amount) <= amount


def test_a_code_is_read_back_as_it_was_made() -> None:
    code = rules.format_code("7K2MQ9PX4RTB")

    assert code == "7K2M-Q9PX-4RTB"
    assert rules.normalize_code(f" {code.lower()} ") == code


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize(
    "typed",
    ["7K2MQ9PX4RTB", "7k2m-q9px-4rtb", "7K2M–Q9PX—4RTB", "7K2M‐Q9PX‑4RTB", "7K2M−Q9PX－4RTB",
     " ７Ｋ２Ｍ　Ｑ９ＰＸ　４ＲＴＢ ", "7K2M\u200b-Q9PX\u00ad4RTB\ufeff", "7 K 2 M q9px 4rtb"],
)  # fmt: skip
def test_a_code_is_known_however_it_is_typed_or_copied(typed: str) -> None:
    assert rules.code_letters(typed) == "7K2MQ9PX4RTB"


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize(("typed", "stored"), [(" spring 26", "SPRING26"), ("Spring—26", "SPRING-26"), ("８折", "8折")])
def test_a_chosen_code_is_stored_in_plain_letters(typed: str, stored: str) -> None:
    assert rules.normalize_code(typed) == stored
