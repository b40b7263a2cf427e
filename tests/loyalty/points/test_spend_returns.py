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
