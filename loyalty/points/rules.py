"""The arithmetic of points, on plain values: earning base, rounding, refunds, expiry, first-expiring-first-out.

Points are whole numbers, money is decimal; nothing here knows the database or the clock.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.kernel.time import periods

ZERO = Decimal(0)
SMALLEST_AMOUNT = Decimal("0.0001")
FRACTION_ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "floor": math.floor,
    "half_up": lambda exact: math.floor(exact + Fraction(1, 2)),
    "ceiling": math.ceil,
}
ROUNDINGS = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "ceiling": ROUND_CEILING}
MONTHS_OF_TERM = {"end_of_month": 1, "end_of_quarter": 3, "end_of_half_year": 6, "end_of_year": 12}


class EarningBasis(NamedTuple):
    """What of an order earns points, and what was left out of its goods (LO-11); in the order's currency."""

    goods: Decimal
    tax: Decimal
    gift_cards: Decimal
    excluded: Decimal
    rewards: Decimal
    paid_with_points: Decimal

    @property
    def amount(self) -> Decimal:
        return self.goods + self.tax


def earning_basis(
    *, paid_goods: Decimal, goods: Decimal, gift_cards: Decimal = ZERO, excluded: Decimal = ZERO,
    rewards: Decimal = ZERO, paid_with_points: Decimal = ZERO, tax: Decimal = ZERO,
) -> EarningBasis:  # fmt: skip
    """The paid goods of the lines that the rule counts; shipping is no part of goods.

    `goods` are all lines, less `gift_cards` and the lines `excluded` by the rule. What rewards and points paid is spread
    over all lines but gift cards, so a line's share of the paid goods goes with its total. `tax` is that of the lines that
    count, where the rule counts tax.
    """
    discountable = goods - gift_cards
    counted_part = [
        _money(amount * (discountable - excluded) / discountable) if discountable > 0 else ZERO
        for amount in (paid_goods, rewards, paid_with_points)
    ]
    amount, rewards_part, points_part = counted_part
    return EarningBasis(amount, max(tax, ZERO), gift_cards, excluded, rewards_part, points_part)


class LineRefunds(NamedTuple):
    """What was given back for one line, its share of the paid goods, and whether it earned by the rule."""

    paid: Decimal
    refunded: Decimal
    earns: bool


class RefundedGoods(NamedTuple):
    """What was given back of the paid goods: for lines that earned, as plain sums, and altogether."""

    earning_lines: Fraction
    unnamed: Fraction
    total: Decimal


def refunded_goods(lines: Iterable[LineRefunds], *, unnamed: Decimal, total: Decimal) -> RefundedGoods:
    """Refunds of an order by what they were for; a line gives back at most its share of the paid goods.

    `total` is less than the refunds add up to where a later content of the order already leaves goods out: then each
    counts for as much less.
    """
    of_lines = [(min(line.refunded, line.paid), line.earns) for line in lines]
    counted = sum((amount for amount, _earns in of_lines), ZERO) + unnamed
    still = min(Fraction(total) / Fraction(counted), Fraction(1)) if counted > 0 else Fraction(0)
    earning = sum((amount for amount, earns in of_lines if earns), ZERO)
    return RefundedGoods(Fraction(earning) * still, Fraction(unnamed) * still, total)


def remaining_base(*, base: Decimal, paid: Decimal, refunded: RefundedGoods) -> Fraction:
    """What is left of the base that earned, out of `paid` goods (LO-13): exactly, so that no cent turns a point.

    A refunded line that had earned takes its amount, a plain sum the base's share of it; and what earns is never more than
    what is left of the paid goods. The order of refunds does not matter.
    """
    if base <= 0 or paid <= 0:
        return Fraction(0)
    left = Fraction(base) - refunded.earning_lines - refunded.unnamed * Fraction(base) / Fraction(paid)
    return max(min(left, Fraction(paid - refunded.total)), Fraction(0))


def _money(amount: Decimal) -> Decimal:
    """Cut to what the columns of money hold; a whole number stays one."""
    return amount.quantize(SMALLEST_AMOUNT, ROUND_DOWN)


def round_points(exact: Decimal, rounding: str) -> int:
    """Whole points by the rule's own rounding; `half_up` rounds halves up."""
    return int(exact.quantize(Decimal(1), ROUNDINGS[rounding]))


def points_earned(
    exact: Decimal, amount: Decimal, *, rounding: str, minimum: Decimal = ZERO, cap: int | None = None
) -> int:
    """Whole points of one order that earns `exact` ones: nothing for an amount of 0 or below the minimum, at most the cap."""
    if amount <= 0 or amount < minimum:
        return 0
    points = round_points(exact, rounding)
    return points if cap is None else min(points, cap)


def points_to_reverse(*, original: int, share: Fraction, rounding: str) -> int:
    """How many of the originally earned points are reversed in total once a `share` of the base is left (LO-13).

    original − round(original × remaining base ÷ original base), by the rule's own rounding. It goes from the points
    that were really earned, so minimum and cap are not judged again: of 100 points for 100.50, three refunds of 33.50
    reverse 34, 33 and 33.
    """
    return original - FRACTION_ROUNDINGS[rounding](original * share)


def points_to_return(*, spent: int, paid: Decimal, refunded: Decimal) -> int:
    """Of the points spent on an order, how many go back in total once `refunded` of its paid goods was given back.

    In proportion, rounded down; all of them with all of the money.
    """
    if paid <= 0:
        return 0
    return int((spent * min(refunded, paid) / paid).to_integral_value(ROUND_FLOOR))


def last_usable_day(mode: str, earned_on: date, *, months: int = 12, fixed: date | None = None) -> date | None:
    """The last day on which points earned on a day can be used; None where they never expire (LO-20).

    Months are clamped (31 January + 1 month = the last day of February); the `end_of_…` modes go on to the end of that
    month, quarter, half-year or year. A fixed date is that date, or the same day of a later year once it has passed.
    """
    if mode == "never":
        return None
    if mode == "fixed_date":
        if fixed is None:
            raise ValueError("a fixed date needs a date")
        return _next_anniversary(fixed, earned_on)
    day = periods.add_months(earned_on, months)
    if mode == "months":
        return day
    run = MONTHS_OF_TERM[mode]
    first_of_last = day.replace(day=1, month=(day.month - 1) // run * run + run)
    return periods.add_months(first_of_last, 1) - timedelta(days=1)


def _next_anniversary(fixed: date, on: date) -> date:
    day = fixed
    while day < on:
        day = periods.add_months(fixed, 12 * (day.year - fixed.year + 1))
    return day


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant after a local day (UTC): points that last to a day are spendable before this."""
    return periods.local_midnight(day + timedelta(days=1), zone)


def expiry_day(expires_at: datetime, zone: str) -> date:
    """The local day to whose end points last, as people read it."""
    return (expires_at.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


class SpendableLot(NamedTuple):
    """A lot as a debit sees it."""

    id: int
    remaining: int
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None


NO_END = datetime.max.replace(tzinfo=UTC)


def lots_by_expiry(lots: Iterable[SpendableLot]) -> list[SpendableLot]:
    """Earliest expiry first, ties by earning time, then by id; what never expires comes last (I3)."""
    return sorted(lots, key=lambda lot: (lot.expires_at or NO_END, lot.earned_at, lot.id))


def is_lot_available(lot: SpendableLot, at: datetime) -> bool:
    """available_at ≤ at < expires_at."""
    return lot.available_at <= at and (lot.expires_at is None or at < lot.expires_at)


def is_lot_expired(lot: SpendableLot, at: datetime) -> bool:
    """True once the lot's expiry has passed, whether or not the nightly sweep has been there."""
    return lot.expires_at is not None and lot.expires_at <= at


def debit_lots(lots: Sequence[SpendableLot], points: int) -> list[tuple[int, int]]:
    """(lot id, points) taken from the lots in the order given until `points` are together or the lots are empty."""
    taken: list[tuple[int, int]] = []
    missing = points
    for lot in lots:
        part = min(lot.remaining, missing)
        if part > 0:
            taken.append((lot.id, part))
            missing -= part
        if missing <= 0:
            break
    return taken


def lots_to_reverse(own: Sequence[SpendableLot], others: Sequence[SpendableLot], at: datetime) -> list[SpendableLot]:
    """Where reversed points are taken (LO-13): the order's pending lot, then the rest of its own, then other lots.

    Other lots that are over are left to the sweep: their points are gone anyway.
    """
    pending = [lot for lot in own if lot.available_at > at]
    rest = [lot for lot in own if lot.available_at <= at]
    return [
        *lots_by_expiry(pending),
        *lots_by_expiry(rest),
        *lots_by_expiry(lot for lot in others if not is_lot_expired(lot, at)),
    ]
