from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points import earn_reversal, expiry
from loyalty.points.models import EarningRule, LedgerEntry


def refund(order: Any, amount: str, ref: str = "R-1") -> Any:
    return orders.record_refund(order=order, source_ref=ref, amount=Decimal(amount), at=clock.now())[0]


def points_of(kind: str) -> list[int]:
    return list(LedgerEntry.objects.filter(kind=kind).order_by("id").values_list("points", flat=True))


@pytest.mark.rule("LO-13")
def test_refunds_of_a_third_each(programme: EarningRule, make_customer: Any, make_order: Any, balance: Any) -> None:
    customer = make_customer()
    order = make_order(customer, "100.50")

    for number in range(3):
        refund(order, "33.50", f"R-{number}")

    assert points_of("reverse") == [-34, -33, -33]
    assert balance(customer).available == 0


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("policy", "posted", "debt", "written_off"), [("go_negative", -50, 50, 0), ("write_off", 0, 0, 50)]
)
def test_refund_of_points_spent_elsewhere(
    change_rule: Any,
    make_customer: Any,
    make_order: Any,
    spend: Any,
    balance: Any,
    policy: str,
    posted: int,
    debt: int,
    written_off: int,
) -> None:
    change_rule(refund_policy=policy)
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    made = refund(order, "100")

    entry = LedgerEntry.objects.get(kind="reverse")
    assert (entry.source_system, entry.source_id.split(":")[0]) == ("refund", str(made.pk))
    assert (entry.data["reversed"], entry.data["written_off"]) == (100, written_off)
    assert (balance(customer).posted, balance(customer).debt) == (posted, debt)


@pytest.mark.rule("LO-13")
def test_a_blocking_programme_refuses_the_refund_whole(
    change_rule: Any, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    change_rule(refund_policy="block")
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    with pytest.raises(earn_reversal.RefundBlocked):
        refund(order, "100")

    order.refresh_from_db()
    assert (order.refunded_total, order.refunds.count(), balance(customer).posted) == (0, 0, 50)


@pytest.mark.rule("LO-13")
def test_a_blocking_programme_still_hears_that_an_order_was_cancelled(
    change_rule: Any, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    change_rule(refund_policy="block")
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    orders.cancel_order(order=order, at=clock.now())

    assert (balance(customer).posted, balance(customer).debt) == (-250, 250)


@pytest.mark.rule("LO-12")
def test_a_cancelled_order_loses_its_pending_points(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any
) -> None:
    change_rule(pending_days=14)
    customer = make_customer()
    order = make_order(customer, "100")

    orders.cancel_order(order=order, at=clock.now())
    orders.cancel_order(order=order, at=clock.now())

    found = balance(customer)
    assert (found.posted, found.pending, found.available) == (0, 0, 0)
    assert points_of("reverse") == [-100]


@pytest.mark.rule("LO-13")
def test_points_that_had_expired_are_not_taken_twice(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any, at: Any
) -> None:
    at("2026-01-10T10:00:00+08:00")
    customer = make_customer()
    order = make_order(customer, "100")
    at("2027-02-02T10:00:00+08:00")
    make_order(customer, "40")
    expiry.expire_points(clock.now())

    refund(order, "100")

    assert balance(customer).available == 40
    assert LedgerEntry.objects.get(kind="reverse").data["lapsed"] == 100


@pytest.mark.rule("LO-3")
def test_a_changed_order_ends_where_a_new_one_would(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer, other = make_customer("A"), make_customer("B")
    order = make_order(customer, "100", number="A-1")

    make_order(customer, "130", number="A-1", placed_at=order.placed_at)
    assert balance(customer).available == 130
    make_order(customer, "60", number="A-1", placed_at=order.placed_at)
    assert balance(customer).available == 60
    refund(order, "30")
    assert balance(customer).available == 30

    make_order(other, "60", number="A-1", placed_at=order.placed_at)
    assert (balance(customer).available, balance(other).available) == (0, 30)
