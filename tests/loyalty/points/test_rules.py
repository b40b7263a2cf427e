from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.points import rules
from loyalty.points.rules import SpendableLot

START = datetime(2026, 1, 1, tzinfo=UTC)
money = st.decimals(0, 100_000, places=2)
roundings = st.sampled_from(["floor", "half_up", "ceiling"])


def basis(goods: int, paid: int | None = None, **parts: int) -> rules.EarningBasis:
    """Of an order whose goods cost so much, and for which so much was paid."""
    decimals = {name: Decimal(value) for name, value in parts.items()}
    return rules.earning_basis(goods=Decimal(goods), paid_goods=Decimal(goods if paid is None else paid), **decimals)


@pytest.mark.rule("LO-11")
@pytest.mark.parametrize(
    ("order", "amount"),
    [
        ({"goods": 150, "gift_cards": 50, "rewards": 20, "paid": 80}, 80),
        ({"goods": 100, "excluded": 40}, 60),
        ({"goods": 100, "excluded": 40, "rewards": 20, "paid": 80}, 48),  # the discount is spread over both lines
        ({"goods": 100, "paid_with_points": 50, "paid": 50}, 50),
        ({"goods": 10, "rewards": 20, "paid": 0}, 0),
        ({"goods": 50, "gift_cards": 50, "paid": 0}, 0),
        ({"goods": 100, "tax": 10}, 110),
    ],
)
def test_base_is_the_paid_goods_of_the_lines_that_count(order: dict[str, int], amount: int) -> None:
    assert basis(**order).amount == amount


@pytest.mark.rule("LO-4")
def test_basis_says_what_of_the_discounts_lay_on_the_lines_that_count() -> None:
    found = basis(100, 80, excluded=40, rewards=15, paid_with_points=5)

    assert (found.excluded, found.rewards, found.paid_with_points) == (40, 9, 3)
    assert found.goods + found.rewards + found.paid_with_points == 60


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
        rules.points_to_reverse(
            original=100, share=1 - Fraction(Decimal("33.50") * turn) / Fraction(base), rounding="floor"
        )
        for turn in (1, 2, 3)
    ]

    assert [after - before for before, after in zip([0, *totals], totals, strict=False)] == [34, 33, 33]


@pytest.mark.rule("LO-13")
@given(original=st.integers(0, 10**6), shares=st.lists(st.fractions(0, 1), max_size=6), rounding=roundings)
def test_refunds_never_reverse_more_than_was_earned_and_all_of_it_in_the_end(
    original: int, shares: list[Fraction], rounding: str
) -> None:
    falling = [Fraction(1), *sorted(shares, reverse=True), Fraction(0)]

    totals = [rules.points_to_reverse(original=original, share=share, rounding=rounding) for share in falling]

    assert totals == sorted(totals)
    assert (totals[0], totals[-1]) == (0, original)


@pytest.mark.rule("LO-13")
@given(amount=money.filter(bool), left=st.fractions(0, 1, max_denominator=100), rounding=roundings)
def test_what_stays_is_within_a_point_of_what_the_net_order_would_earn(
    amount: Decimal, left: Fraction, rounding: str
) -> None:
    original = rules.points_earned(amount, amount, rounding=rounding)
    net = amount * left.numerator / left.denominator

    reversed_points = rules.points_to_reverse(original=original, share=left, rounding=rounding)

    assert abs(original - reversed_points - rules.points_earned(net, net, rounding=rounding)) <= 1


def refunded(*lines: tuple[int, int, bool], unnamed: int = 0, total: int | None = None) -> rules.RefundedGoods:
    """Lines as (paid, refunded, earns)."""
    everything = sum(amount for _paid, amount, _earns in lines) + unnamed if total is None else total
    return rules.refunded_goods(
        [rules.LineRefunds(Decimal(paid), Decimal(amount), earns) for paid, amount, earns in lines],
        unnamed=Decimal(unnamed),
        total=Decimal(everything),
    )


TEA, BOOKS = 60, 40  # what was paid; books earn nothing


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("given_back", "left"),
    [
        (refunded((BOOKS, 40, False)), 60),
        (refunded((TEA, 60, True)), 0),
        (refunded((TEA, 30, True)), 30),
        (refunded(unnamed=50), 30),
        (refunded(unnamed=100), 0),
        (refunded((BOOKS, 40, False), unnamed=50), 10),  # never more than what is left of the paid goods
        (refunded((TEA, 45, True), unnamed=20), 3),
        (refunded((TEA, 60, True), total=0), 60),  # a later content of the order leaves the line out
        (refunded((TEA, 60, True), unnamed=20, total=40), 24),
        (refunded((30, 45, True), (30, 0, True), total=45), 30),  # more than a line's share was for something else
    ],
)
def test_a_line_takes_its_share_and_a_plain_sum_is_spread(given_back: rules.RefundedGoods, left: int) -> None:
    assert rules.remaining_base(base=Decimal(TEA), paid=Decimal(TEA + BOOKS), refunded=given_back) == left


@pytest.mark.rule("LO-13")
def test_thirds_cost_no_point() -> None:
    left = rules.remaining_base(base=Decimal(20), paid=Decimal(30), refunded=refunded(unnamed=10))

    assert rules.points_to_reverse(original=30, share=left / 20, rounding="floor") == 10


@dataclass(frozen=True)
class Basket:
    """Goods of three sorts, what was paid for them in money, and refunds as (line or none for a plain sum, share of it)."""

    lines: list[tuple[str, int]]  # counted, excluded or gift card, in cents
    discount_share: Fraction
    refunds: list[tuple[int | None, int]]

    @property
    def paid(self) -> int:
        return self.goods - int(self.goods * self.discount_share)

    @property
    def goods(self) -> int:
        return sum(cents for sort, cents in self.lines if sort != "gift card")

    @property
    def base(self) -> Decimal:
        excluded = sum(cents for sort, cents in self.lines if sort == "excluded")
        return rules.earning_basis(
            goods=Decimal(self.goods), paid_goods=Decimal(self.paid), excluded=Decimal(excluded)
        ).amount

    def share_of(self, line: int) -> Decimal:
        sort, cents = self.lines[line]
        return Decimal(0) if sort == "gift card" else Decimal(cents) * self.paid / self.goods

    def refunded_by(self, refunds: list[tuple[int | None, int]]) -> rules.RefundedGoods:
        """What some of the refunds come to; none gives back more than what was left of the paid goods."""
        by_line, unnamed, total = dict.fromkeys(range(len(self.lines)), Decimal(0)), Decimal(0), Decimal(0)
        for line, percent in refunds:
            wanted = Decimal(self.paid) if line is None else self.share_of(line)
            amount = min(wanted * percent / 100, self.paid - total)
            total += amount
            if line is None:
                unnamed += amount
            else:
                by_line[line] += amount
        lines = [
            rules.LineRefunds(self.share_of(line), amount, self.lines[line][0] == "counted")
            for line, amount in by_line.items()
        ]
        return rules.refunded_goods(lines, unnamed=unnamed, total=total)


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    sorts = st.sampled_from(["counted", "excluded", "gift card"])
    lines = draw(st.lists(st.tuples(sorts, st.integers(1, 50_000)), min_size=1, max_size=5))
    refunds = st.tuples(st.none() | st.integers(0, len(lines) - 1), st.integers(1, 100))
    share = draw(st.fractions(0, 1, max_denominator=100))
    return Basket(lines, share, draw(st.lists(refunds, max_size=6)))


@pytest.mark.rule("LO-13")
@given(basket=baskets(), rate=st.integers(1, 5), rounding=roundings, data=st.data())
def test_refunds_of_any_basket_take_a_rising_part_that_no_order_of_them_changes(
    basket: Basket, rate: int, rounding: str, data: st.DataObject
) -> None:
    base, paid = basket.base, Decimal(basket.paid)
    original = rules.points_earned(base * rate, base, rounding=rounding)

    def reversed_by(refunds: list[tuple[int | None, int]]) -> int:
        left = rules.remaining_base(base=base, paid=paid, refunded=basket.refunded_by(refunds))
        share = left / Fraction(base) if base else Fraction(0)
        return rules.points_to_reverse(original=original, share=share, rounding=rounding)

    totals = [reversed_by(basket.refunds[:count]) for count in range(len(basket.refunds) + 1)]

    assert totals == sorted(totals)
    assert totals[0] == 0
    assert all(0 <= total <= original for total in totals)
    assert reversed_by([*basket.refunds, (None, 100)]) == original
    if basket.refunded_by(basket.refunds).total < paid:  # nothing was cut to what was left
        assert reversed_by(data.draw(st.permutations(basket.refunds))) == totals[-1]


@pytest.mark.rule("LO-13")
@given(basket=baskets(), spent=st.integers(1, 10_000), data=st.data())
def test_spent_points_return_rising_and_all_of_them_with_all_of_the_money(
    basket: Basket, spent: int, data: st.DataObject
) -> None:
    paid = Decimal(basket.paid)

    def returned_by(refunds: list[tuple[int | None, int]]) -> int:
        return rules.points_to_return(spent=spent, paid=paid, refunded=basket.refunded_by(refunds).total)

    totals = [returned_by(basket.refunds[:count]) for count in range(len(basket.refunds) + 1)]

    assert totals == sorted(totals)
    assert totals[0] == 0
    assert all(0 <= total <= spent for total in totals)
    assert returned_by([*basket.refunds, (None, 100)]) == (spent if paid else 0)
    if basket.refunded_by(basket.refunds).total < paid:
        assert returned_by(data.draw(st.permutations(basket.refunds))) == totals[-1]


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
@pytest.mark.parametrize(("given_back", "back"), [("0", 0), ("25", 100), ("33.33", 133), ("50", 200), ("60", 200)])
def test_spent_points_return_in_proportion_to_the_money(given_back: str, back: int) -> None:
    assert rules.points_to_return(spent=200, paid=Decimal(50), refunded=Decimal(given_back)) == back
