from decimal import Decimal
from typing import Any

import pytest

from loyalty.points import explanations, selectors
from loyalty.points.models import EarningRule, LedgerEntry


@pytest.mark.rule("LO-4")
def test_an_entry_explains_itself(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "300.50", reward_discount=Decimal(20), shipping_total=Decimal(10), number="HK-1")
    entry = selectors.ledger_history(LedgerEntry.objects.get().account.customer_id).get()

    assert explanations.explain_entry(entry) == (
        "¥280.50 counts, 1 point for each 1 by version 1 of the rule; 280.5 rounded down. "
        "Left out: reward discounts ¥20.00; shipping ¥10.00."
    )
