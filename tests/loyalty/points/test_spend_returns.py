from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot


def refund(order: Any, amount: str, ref: str = "R-1") -> Any:
    return orders.record_refund(order=order, source_ref=ref, amount=Decimal(amount), at=clock.now())[0]


def points_of(kind: str) -> list[int]:
    return list(LedgerEntry.objects.filter(kind=kind).order_by("id").values_list("points", flat=True))


@pytest.mark.rule("LO-13")
def test_points_spent_on_a_refunded_order_return_to_their_lots(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "500")
    lot = PointsLot.objects.get()
    spend(customer, 200, order_ref="shop:B-1")
    order = make_order(customer, "100", number="B-1", points_discount=Decimal(2))

    refund(order, "49", "R-1")
    refund(order, "49", "R-2")

    lot.refresh_from_db()
    assert lot.remaining == 500
    assert points_of("return") == [100, 100]
    assert balance(customer).available == 500


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(("days", "back", "lapsed"), [(10, 200, 0), (40, 0, 200)])
def test_returned_points_whose_lot_expired(
    programme: EarningRule,
    make_customer: Any,
    make_order: Any,
    spend: Any,
    at: Any,
    balance: Any,
    days: int,
    back: int,
    lapsed: int,
) -> None:
    at("2026-01-10T10:00:00+08:00")
    customer = make_customer()
    make_order(customer, "200")
    old = PointsLot.objects.get()
    at("2027-01-20T10:00:00+08:00")
    spend(customer, 200, order_ref="shop:B-1")
    order = make_order(customer, "100", number="B-1")
    orders.record_refund(order=order, source_ref="R-1", amount=Decimal(100), at=old.expires_at + timedelta(days=days))

    entry = LedgerEntry.objects.get(kind="return")
    assert (entry.points, entry.data["lapsed"]) == (back, lapsed)
    new = PointsLot.objects.filter(restores=old)
    assert [made.points for made in new] == ([200] if back else [])
    if back:
        assert new.get().expires_at > old.expires_at + timedelta(days=days + 29)


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("order", "refunds", "returned"),
    [
        ({"points_discount": 50}, [50], [5000]),
        ({"points_discount": 50}, [25], [2500]),
        ({"points_discount": 50}, [25, 25], [2500, 2500]),
        ({"points_discount": 50, "shipping_total": 10}, [60], [5000]),
        ({"points_discount": 100, "shipping_total": 10}, [10], [5000]),  # all the money that there was
        ({"points_discount": 50, "reward_discount": 20}, [10, 20], [1666, 3334]),
    ],
)
def test_spent_points_return_in_proportion_to_the_money(
    member: Any,
    make_order: Any,
    spend: Any,
    balance: Any,
    order: dict[str, int],
    refunds: list[int],
    returned: list[int],
) -> None:
    spend(member, 5000, order_ref="shop:B-1")
    amounts = {name: Decimal(value) for name, value in order.items()}
    placed = make_order(member, "100", number="B-1", **amounts)

    for number, amount in enumerate(refunds):
        refund(placed, str(amount), f"R-{number}")

    assert points_of("return") == returned


@pytest.mark.rule("LO-13")
def test_shipping_and_tax_return_no_points(member: Any, make_order: Any, spend: Any) -> None:
    spend(member, 5000, order_ref="shop:B-1")
    order = make_order(
        member, "100", number="B-1", points_discount=Decimal(50), shipping_total=Decimal(10), tax_total=Decimal(5)
    )

    orders.record_refund(order=order, source_ref="R-1", shipping=Decimal(10), tax=Decimal(5), at=clock.now())

    assert points_of("return") == []


@pytest.mark.rule("LO-13")
def test_a_refunded_line_returns_its_share_of_the_points_also_when_the_shop_leaves_it_out(
    member: Any, make_order: Any, spend: Any
) -> None:
    spend(member, 5000, order_ref="shop:B-1")
    tea, cups = (orders.IncomingOrderLine(sku, unit_price=Decimal(price)) for sku, price in (("TEA", 60), ("CUPS", 40)))
    order = make_order(member, lines=(tea, cups), number="B-1", points_discount=Decimal(50))

    named = orders.RefundedLine(order.lines.get(product__sku="TEA"))
    orders.record_refund(order=order, source_ref="R-1", lines=[named], at=clock.now())
    make_order(member, lines=(cups,), number="B-1", points_discount=Decimal(20), placed_at=order.placed_at)
    refund(order, "10", "R-2")
    refund(order, "10", "R-3")

    assert points_of("return") == [3000, 1000, 1000]
