from decimal import Decimal
from typing import Any

import pytest

from loyalty.points.models import EarningRule


@pytest.mark.rule("LO-10")
def test_an_order_keeps_the_rule_version_of_its_day(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    first = make_order(customer, "100", number="A-1")
    change_rule(points=Decimal(3))

    make_order(customer, "10", number="A-2")
    make_order(customer, "110", number="A-1", placed_at=first.placed_at)

    assert balance(customer).posted == 110 + 30
    assert list(EarningRule.objects.order_by("version").values_list("version", "points")) == [
        (1, Decimal(1)),
        (2, Decimal(3)),
    ]
