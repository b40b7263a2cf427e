from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule


def line(total: int, sku: str = "TEA-1") -> orders.IncomingOrderLine:
    return orders.IncomingOrderLine(sku, unit_price=Decimal(total))


def test_history_earns_only_when_asked(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    quiet, ticked = make_customer("A"), make_customer("B")
    now = clock.now()
    data = [
        orders.IncomingOrder("old", f"N-{c.pk}", c.pk, now - timedelta(days=40), "CNY", [line(100)])
        for c in (quiet, ticked)
    ]

    orders.record_orders(orders=data[:1], at=now, live=False)
    orders.record_orders(orders=data[1:], at=now, live=False, earn=True)

    assert (balance(quiet).posted, balance(ticked).posted) == (0, 100)


def test_many_orders_cost_as_many_queries_as_one(
    programme: EarningRule, make_customer: Any, django_assert_max_num_queries: Any, balance: Any
) -> None:
    customers = [make_customer(f"C{number}") for number in range(30)]
    now = clock.now()
    data = [orders.IncomingOrder("shop", f"N-{c.pk}", c.pk, now, "CNY", [line(10)]) for c in customers]

    with django_assert_max_num_queries(55):
        orders.record_orders(orders=data, at=now)

    assert [balance(c).available for c in customers] == [10] * 30
