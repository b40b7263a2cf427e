"""A kind of earning rule is one module: `docs/checklists/add-an-earning-rule.md`, followed once."""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from loyalty.points import earning_kinds, explanations, selectors
from loyalty.points.earning_kinds import registry
from loyalty.points.forms import EarningRuleForm
from loyalty.points.models import EarningRule, LedgerEntry

PER_TEN = """
    from decimal import Decimal

    from loyalty.points.earning_kinds.registry import EarningKind, register_earning_kind


    class PerTenKind(EarningKind):
        code = "per_ten"
        label = "Points for every full ten"
        form_fields = ("minimum", "refund_policy")

        def exact_points(self, rule, amount, multiplier):
            return amount // 10 * rule.points * multiplier

        def rate_text(self, rule):
            return f"{rule.points:.0f} for every full ten"

        def explain_rate(self, figures, texts):
            return f"{texts['base']} counts, {texts['rate']} for every full ten"


    register_earning_kind(PerTenKind())
"""


@pytest.fixture
def per_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind planted as a file in the folder of the kinds."""
    (tmp_path / "per_ten.py").write_text(dedent(PER_TEN), encoding="utf-8")
    monkeypatch.setattr(earning_kinds, "__path__", [*earning_kinds.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    earning_kinds.load_kinds()
    yield
    del sys.modules["loyalty.points.earning_kinds.per_ten"]


def rule_form(rule: EarningRule, **values: str) -> EarningRuleForm:
    fields = {
        "points": "2", "rounding": "floor", "expiry_mode": "never", "expiry_months": "12", "reinstate_days": "30",
        "minimum": "0", "refund_policy": "go_negative",
    }  # fmt: skip
    return EarningRuleForm({**fields, **values}, instance=rule)


def test_every_kind_can_earn_and_say_its_rate(programme: EarningRule) -> None:
    for code, kind in registry._kinds.items():
        rule = EarningRule(code="x", kind=code, points=Decimal(5), per=Decimal(1))

        assert kind.code == code
        assert kind.exact_points(rule, Decimal(1), Decimal(1)) == 5
        assert kind.rate_text(rule).startswith("5 ")


@pytest.mark.rule("LO-10")
def test_a_planted_kind_is_offered_calculated_and_worded(
    per_ten: None, change_rule: Any, programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    form = rule_form(programme, kind="per_ten")
    assert form.is_valid(), form.errors
    assert ("per_ten", "Points for every full ten") in form.fields["kind"].choices
    customer = make_customer()

    change_rule(**form.values())
    make_order(customer, "39.90")

    entry = selectors.ledger_history(customer.pk).get()
    rule = selectors.current_earning_rules().get()
    assert balance(customer).available == 6
    assert (rule.kind, rule.per) == ("per_ten", 1)
    assert registry.get_earning_kind(rule.kind).rate_text(rule) == "2 for every full ten"
    assert explanations.explain_entry(entry) == "¥39.90 counts, 2 points for every full ten; 6 rounded down."


def test_an_unknown_kind_is_refused(programme: EarningRule) -> None:
    form = rule_form(programme, kind="per_ten")

    assert not form.is_valid()
    assert set(form.errors) == {"kind", "per", "pending_days"}


@pytest.mark.rule("LO-10")
def test_rules_change_only_to_kinds_that_earn_from_the_same(programme: EarningRule) -> None:
    event_rule = EarningRule(code="answer", kind="per_event", event="survey_answered", points=Decimal(50))

    assert [kind.code for kind in registry.interchangeable_kinds("per_event")] == ["per_event"]
    assert "per" not in EarningRuleForm(instance=event_rule).fields
    assert registry.order_kind_codes() == ["per_money", "per_order"]
    assert LedgerEntry.objects.count() == 0
