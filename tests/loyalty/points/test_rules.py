from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.points import rules
from loyalty.points.rules import SpendableLot

START = datetime(2026, 1, 1, tzinfo=UTC)
money = st.decimals(0, 100_000, places=2)
roundings = st.sampled_from(["floor", "half_up", "ceiling"])


@pytest.mark.rule("LO-11")
def test_base_leaves_out_gift_cards_rewards_and_shipping() -> None:
    found = rules.earning_basis(goods=Decimal(150), gift_cards=Decimal(50), rewards=Decimal(20))

    assert found.amount == Decimal(80)


@pytest.mark.rule("LO-11")
def test_base_never_falls_below_zero() -> None:
    assert rules.earning_basis(goods=Decimal(10), rewards=Decimal(20)).amount == 0


@pytest.mark.rule("LO-11")
@pytest.mark.parametrize(("with_tax", "amount"), [(True, 110), (False, 100)])
def test_tax_counts_by_setting(with_tax: bool, amount: int) -> None:
    assert rules.earning_basis(goods=Decimal(100), tax=Decimal(10), with_tax=with_tax).amount == amount


@pytest.mark.rule("LO-11")
@pytest.mark.parametrize(("rounding", "points"), [("floor", 100), ("half_up", 101), ("ceiling", 101)])
def test_rounding_is_the_rules_own(rounding: str, points: int) -> None:
    assert rules.points_earned(Decimal("100.50"), Decimal("100.50"), rounding=rounding) == points


@pytest.mark.rule("LO-10")
def test_minimum_and_cap() -> None:
    limits: dict[str, Any] = {"rounding": "floor", "minimum": Decimal(50), "cap": 200}

    points = [rules.points_earned(Decimal(amount), Decimal(amount), **limits) for amount in ("49.99", "50", "1000")]

    assert points == [0, 50, 200]


@pytest.mark.rule("LO-13")
def test_three_refunds_of_a_third_reverse_34_33_33() -> None:
    base = Decimal("100.50")

    totals = [
        rules.points_to_reverse(original=100, base=base, refunded=Decimal("33.50") * turn, rounding="floor")
        for turn in (1, 2, 3)
    ]

    assert [after - before for before, after in zip([0, *totals], totals, strict=False)] == [34, 33, 33]


@pytest.mark.rule("LO-13")
@given(
    amount=money,
    cuts=st.lists(st.decimals(0, 1, places=4), max_size=6),
    points=st.integers(1, 5),
    rounding=roundings,
    cap=st.none() | st.integers(0, 500),
)
def test_refunds_never_reverse_more_than_was_earned_and_all_of_it_in_the_end(
    amount: Decimal, cuts: list[Decimal], points: int, rounding: str, cap: int | None
) -> None:
    original = rules.points_earned(amount * points, amount, rounding=rounding, cap=cap)
    shares = [*sorted(cuts), Decimal(1)]

    totals = [
        rules.points_to_reverse(original=original, base=amount, refunded=amount * share, rounding=rounding)
        for share in shares
    ]

    assert totals == sorted(totals)
    assert all(0 <= total <= original for total in totals)
    assert totals[-1] == original


@pytest.mark.rule("LO-13")
@given(amount=money, refunded=money, rounding=roundings)
def test_what_stays_is_within_a_point_of_what_the_net_order_would_earn(
    amount: Decimal, refunded: Decimal, rounding: str
) -> None:
    original = rules.points_earned(amount, amount, rounding=rounding)
    net = max(amount - refunded, Decimal(0))

    reversed_points = rules.points_to_reverse(original=original, base=amount, refunded=refunded, rounding=rounding)

    assert abs(original - reversed_points - rules.points_earned(net, net, rounding=rounding)) <= 1


@pytest.mark.rule("LO-20")
@pytest.mark.parametrize(
    ("mode", "earned_on", "months", "last"),
    [
        ("months", date(2026, 1, 31), 1, date(2026, 2, 28)),
        ("months", date(2028, 1, 31), 1, date(2028, 2, 29)),
        ("end_of_month", date(2026, 1, 10), 12, date(2027, 1, 31)),
        ("end_of_quarter", date(2026, 2, 10), 12, date(2027, 3, 31)),
        ("end_of_half_year", date(2026, 2, 10), 12, date(2027, 6, 30)),
        ("end_of_year", date(2026, 2, 10), 12, date(2027, 12, 31)),
        ("end_of_year", date(2026, 12, 31), 0, date(2026, 12, 31)),
        ("never", date(2026, 2, 10), 12, None),
    ],
)
def test_last_day_by_mode(mode: str, earned_on: date, months: int, last: date | None) -> None:
    assert rules.last_usable_day(mode, earned_on, months=months) == last


@pytest.mark.rule("LO-20")
def test_fixed_date_comes_again_the_year_after() -> None:
    fixed = date(2026, 3, 31)

    assert [rules.last_usable_day("fixed_date", day, fixed=fixed) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [
        fixed,
        date(2027, 3, 31),
    ]


@pytest.mark.rule("LO-20")
@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Asia/Shanghai", date(2026, 2, 28), "2026-02-28T16:00:00+00:00"),
        ("Europe/Berlin", date(2026, 3, 28), "2026-03-28T23:00:00+00:00"),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-29T22:00:00+00:00"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T23:00:00+00:00"),
    ],
)
def test_points_last_to_the_end_of_the_local_day(zone: str, day: date, instant: str) -> None:
    ends = rules.end_of_day(day, zone)

    assert ends == datetime.fromisoformat(instant)
    assert rules.expiry_day(ends, zone) == day


@pytest.mark.rule("LO-20")
@given(
    mode=st.sampled_from(["months", "end_of_month", "end_of_quarter", "end_of_half_year", "end_of_year"]),
    earned_on=st.dates(date(2000, 1, 1), date(2050, 12, 31)),
    months=st.integers(0, 36),
)
def test_rounding_up_a_term_never_shortens_it(mode: str, earned_on: date, months: int) -> None:
    plain = rules.last_usable_day("months", earned_on, months=months)
    last = rules.last_usable_day(mode, earned_on, months=months)

    assert plain is not None
    assert last is not None
    assert plain <= last <= plain + timedelta(days=366)


def lot(number: int, remaining: int, *, ends: date | None, available: datetime = START) -> SpendableLot:
    return SpendableLot(number, remaining, START, available, rules.end_of_day(ends, "UTC") if ends else None)


@pytest.mark.rule("LO-1")
def test_redeem_takes_the_lot_that_expires_first() -> None:
    lots = [lot(1, 100, ends=date(2026, 5, 1)), lot(2, 50, ends=date(2026, 4, 1)), lot(3, 10, ends=None)]

    assert rules.debit_lots(rules.lots_by_expiry(lots), 70) == [(2, 50), (1, 20)]


@pytest.mark.rule("LO-1")
@given(sizes=st.lists(st.integers(0, 50), max_size=8), wanted=st.integers(0, 300))
def test_taking_is_exact_and_leaves_no_earlier_lot_half_full(sizes: list[int], wanted: int) -> None:
    lots = [lot(number, size, ends=date(2026, 1, 1) + timedelta(days=number)) for number, size in enumerate(sizes)]

    taken = dict(rules.debit_lots(lots, wanted))

    assert sum(taken.values()) == min(wanted, sum(sizes))
    last = max(taken, default=0)
    assert all(taken.get(number, 0) == size for number, size in enumerate(sizes[:last]))


@pytest.mark.rule("LO-13")
def test_reversal_looks_into_pending_then_own_then_other_lots() -> None:
    at = START + timedelta(days=1)
    own = [lot(1, 5, ends=date(2027, 1, 1)), lot(2, 5, ends=date(2027, 2, 1), available=at + timedelta(days=3))]
    others = [lot(3, 5, ends=date(2026, 6, 1)), lot(4, 5, ends=date(2026, 1, 1))]

    assert [found.id for found in rules.lots_to_reverse(own, others, at + timedelta(hours=1))] == [2, 1, 3]


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(("refunded", "back"), [("0", 0), ("50", 100), ("33.33", 66), ("100", 200), ("120", 200)])
def test_spent_points_return_in_proportion(refunded: str, back: int) -> None:
    assert rules.points_to_return(spent=200, base=Decimal(100), refunded=Decimal(refunded)) == back
