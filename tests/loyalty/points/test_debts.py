from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule, LedgerEntry


def refund(order: Any, amount: str, ref: str = "R-1") -> Any:
    return orders.record_refund(order=order, source_ref=ref, amount=Decimal(amount), at=clock.now())[0]


@pytest.mark.rule("LO-2")
def test_the_next_credit_pays_the_debt_first(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)
    refund(order, "100")

    make_order(customer, "80")

    found = balance(customer)
    assert (found.posted, found.debt, found.available) == (30, 0, 30)
    assert LedgerEntry.objects.get(kind="repay").data == {"paid": 50, "left": 0}
