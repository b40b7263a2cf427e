from decimal import Decimal
from typing import Any

import pytest

from loyalty.points.forms import EarningRuleForm
from loyalty.points.models import EarningRule


@pytest.fixture
def values() -> dict[str, Any]:
    return {
        "kind": "per_money", "points": "1.5", "per": "2", "minimum": "10", "cap": "", "rounding": "floor", "pending_days": "14",
        "expiry_mode": "never", "expiry_months": "12", "refund_policy": "write_off", "reinstate_days": "30",
    }  # fmt: skip


def test_stored_decimals_are_shown_without_their_zeros(programme: EarningRule) -> None:
    programme.points = Decimal("1.5000")

    assert EarningRuleForm(instance=programme)["points"].value() == "1.5"


@pytest.mark.rule("LO-10")
def test_the_values_are_the_fields_of_the_kind(programme: EarningRule, values: dict[str, Any]) -> None:
    per_money, per_order = (
        EarningRuleForm({**values, "kind": kind}, instance=EarningRule.objects.get(pk=programme.pk))
        for kind in ("per_money", "per_order")
    )

    assert per_money.is_valid()
    assert per_order.is_valid()
    assert set(per_money.values()) - set(per_order.values()) == {"per"}
    assert (per_order.values()["kind"], per_order.values()["points"]) == ("per_order", Decimal("1.5"))


@pytest.mark.rule("LO-20")
def test_a_fixed_date_must_be_given(programme: EarningRule, values: dict[str, Any]) -> None:
    form = EarningRuleForm({**values, "expiry_mode": "fixed_date"}, instance=programme)

    assert form.errors == {"expiry_date": ["Say on which date."]}
