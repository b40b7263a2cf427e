from datetime import timedelta
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points import expiry, services
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot


@pytest.mark.rule("LO-20")
def test_a_lot_ends_once_at_its_instant(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "100")
    ends = PointsLot.objects.get().expires_at

    assert expiry.expire_points(ends - timedelta(microseconds=1)) == 0
    assert expiry.expire_points(ends) == 100
    assert expiry.expire_points(ends + timedelta(days=1)) == 0

    entry = LedgerEntry.objects.get(kind="expire")
    assert (entry.points, entry.at, balance(customer).posted) == (-100, ends, 0)


@pytest.mark.rule("LO-2")
def test_a_lot_past_its_end_cannot_be_spent_though_no_sweep_ran(
    programme: EarningRule, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "100")
    ends = PointsLot.objects.get().expires_at

    with pytest.raises(services.NotEnoughPoints):
        spend(customer, 1, at=ends)
    spend(customer, 40, at=ends - timedelta(microseconds=1))

    assert balance(customer, ends).available == 0
    assert expiry.expire_points(ends) == 60


@pytest.mark.rule("LO-20")
def test_expiry_goes_on_in_chunks(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    for number in range(5):
        make_order(make_customer(f"C{number}"), "10")

    taken = expiry.expire_points(clock.now() + timedelta(days=500), limit=2)

    assert taken == 50
    assert LedgerEntry.objects.filter(kind="expire").count() == 5


@pytest.mark.rule("LO-60")
def test_nothing_expires_while_points_are_off(member: Any, balance: Any, change_program: Any) -> None:
    ends = PointsLot.objects.get().expires_at
    change_program(points_on=False)
    taken_while_off = expiry.expire_points(ends)
    change_program(points_on=True)

    assert (taken_while_off, LedgerEntry.objects.filter(kind="expire").count()) == (0, 0)
    assert expiry.expire_points(ends) == 5000
