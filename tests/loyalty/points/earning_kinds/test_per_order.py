from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points import explanations, selectors
from loyalty.points.earning_kinds import registry
from loyalty.points.models import EarningRule
from loyalty.rewards import quotes


@pytest.fixture
def welcome_rule(programme: EarningRule) -> EarningRule:
    """Five points for every order from 20 on, beside the purchase rule."""
    return EarningRule.objects.create(
        code="visit", version=1, names={"en": "Visit"}, kind="per_order", points=5, minimum=20, started_at=clock.now()
    )


@pytest.mark.rule("LO-10")
@pytest.mark.parametrize(("amount", "points"), [("100", 5), ("20", 5), ("19.99", 0)])
def test_every_order_earns_the_same(
    welcome_rule: EarningRule, make_customer: Any, make_order: Any, amount: str, points: int
) -> None:
    customer = make_customer()

    make_order(customer, amount)

    entries = selectors.ledger_history(customer.pk).filter(rule_code="visit")
    assert sum(entry.points for entry in entries) == points


def test_a_quote_counts_both_rules(welcome_rule: EarningRule, make_customer: Any) -> None:
    assert quotes.quote_order(customer=make_customer(), amount=Decimal(100), at=clock.now()).points == 105


@pytest.mark.rule("LO-4")
def test_its_words_name_the_order(welcome_rule: EarningRule, make_customer: Any, make_order: Any) -> None:
    customer = make_customer()
    make_order(customer, "100")
    entry = selectors.ledger_history(customer.pk).get(rule_code="visit")

    assert registry.get_earning_kind("per_order").rate_text(welcome_rule) == "5 for each order"
    assert explanations.explain_entry(entry) == (
        "¥100.00 counts, 5 points for the order by version 1 of the rule; 5 rounded down."
    )
