from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Product
from loyalty.points.models import EarningRule


def line(total: int, sku: str = "TEA-1") -> orders.IncomingOrderLine:
    return orders.IncomingOrderLine(sku, unit_price=Decimal(total))


@pytest.mark.rule("LO-11")
def test_gift_card_reward_and_shipping_earn_nothing(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    Product.objects.create(sku="GIFT", name="Gift card", is_gift_card=True, created_at=clock.now())

    make_order(customer, lines=(line(100), line(50, "GIFT")), reward_discount=Decimal(20), shipping_total=Decimal(10))

    assert balance(customer).available == 80
