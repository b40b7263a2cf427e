"""Coupons on plain values: their terms, what they take off, why one cannot be used."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

CouponRefusal = Literal[
    "", "cancelled", "not_yet", "expired", "used", "used_up", "wrong_customer", "wrong_currency", "below_minimum"
]
ZERO = Decimal(0)
HUNDRED = Decimal(100)
MINUS_SIGNS = "\u2212\u30fc"  # a minus, and the long vowel mark that Japanese keyboards give for a dash
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read wrongly: no 0 1 I L O


@dataclass(frozen=True)
class CouponTerms:
    """What a coupon gives: per cent or amount, from a minimum spend, for a number of days."""

    discount: str
    value: Decimal
    currency: str
    minimum: Decimal = ZERO
    valid_days: int = 30
    names: dict[str, str] | None = None


@dataclass(frozen=True)
class CouponState:
    """What decides whether a coupon can be used now."""

    customer_id: int | None
    currency: str
    minimum: Decimal
    valid_from: datetime
    valid_until: datetime
    cancelled: bool
    uses: int
    uses_of_customer: int
    limit: int | None
    limit_per_customer: int | None


def coupon_refusal(
    state: CouponState, *, customer_id: int | None, amount: Decimal | None, currency: str, at: datetime
) -> CouponRefusal:
    """Why the coupon cannot be used, or an empty string: the first reason that holds. `amount=None` asks for no minimum."""
    if state.cancelled:
        return "cancelled"
    if at < state.valid_from:
        return "not_yet"
    if at >= state.valid_until:
        return "expired"
    if state.customer_id is not None and state.customer_id != customer_id:
        return "wrong_customer"
    if state.limit is not None and state.uses >= state.limit:
        return "used" if state.customer_id is not None else "used_up"
    if state.limit_per_customer is not None and state.uses_of_customer >= state.limit_per_customer:
        return "used"
    if amount is not None and currency != state.currency:
        return "wrong_currency"
    return "below_minimum" if amount is not None and amount < state.minimum else ""


def discount_amount(kind: str, value: Decimal, amount: Decimal) -> Decimal:
    """What the coupon takes off an amount: never more than the amount; per cent to a hundredth."""
    off = amount * value / HUNDRED if kind == "percent" else value
    return min(off, amount).quantize(Decimal("0.01"))


def format_code(letters: str) -> str:
    """`7K2MQ9PX4RTB` → `7K2M-Q9PX-4RTB`."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def normalize_code(code: str) -> str:
    """A code as it is stored: upper case, plain hyphens, no blanks and nothing invisible: ` spring—26` → `SPRING-26`."""
    letters = ("-" if _is_dash(letter) else letter for letter in unicodedata.normalize("NFKC", code))
    return "".join(
        letter for letter in letters if not letter.isspace() and unicodedata.category(letter) != "Cf"
    ).upper()


def code_letters(code: str) -> str:
    """What tells one code from another, however it is typed or copied: `7k2m q9px–4rtb` → `7K2MQ9PX4RTB`."""
    return normalize_code(code).replace("-", "")


def _is_dash(letter: str) -> bool:
    return unicodedata.category(letter) == "Pd" or letter in MINUS_SIGNS
