"""Money: decimals with a currency; written as the reader's language writes them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)
from django.db import models

from crm.kernel.ui.languages import babel_locale

ZERO = Decimal(0)


@dataclass(frozen=True)
class Money:
    """An exact amount in one currency."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def rounded(self) -> "Money":
        """To the currency's own minor unit, halves up."""
        return Money(round_amount(self.amount, self.currency), self.currency)


def money_field(**kwargs: Any) -> "models.DecimalField[Any, Any]":
    """A column for an amount: four decimals, so that fractions of a cent of foreign files stay exact."""
    return models.DecimalField(max_digits=19, decimal_places=4, **kwargs)


def round_half_up(value: Decimal | int | float, digits: int = 0) -> Decimal:
    """To so many decimals, halves away from zero: the one rounding of tiles, tables, charts and files, so that a number
    reads the same wherever it stands."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0  # no −0


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """To the currency's minor unit (JPY 0, CNY 2 digits), halves up."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_UP)


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of the currency: 0.01 of CNY, 1 of JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def format_money(amount: Decimal | int | float, currency: str, language: str, *, whole: bool = False) -> str:
    """`¥1,268.00`, `US$12.50`; `whole` drops the minor unit."""
    locale = babel_locale(language)
    text = (
        _format_whole(int(round_half_up(amount)), currency, locale)
        if whole
        else format_currency(round_half_up(amount, get_currency_precision(currency)), currency, locale=locale)
    )
    return text.replace("CN¥", "¥")


def _format_whole(amount: int, currency: str, locale: str) -> str:
    """As the library writes it by ¤#,##0, at a tenth of the time: a list has a hundred of them. All our languages
    group by threes with commas."""
    return f"{'-' if amount < 0 else ''}{get_currency_symbol(currency, locale)}{abs(amount):,}"


def format_number(value: Decimal | int | float, language: str) -> str:
    """`1,234.5` with the language's separators."""
    if isinstance(value, int):
        return f"{value:,}"
    return format_decimal(round_half_up(value, 3), locale=babel_locale(language))


def format_compact(value: Decimal | int | float, language: str) -> str:
    """`1.04M`, 104万, 104萬."""
    return format_compact_decimal(value, locale=babel_locale(language), fraction_digits=2)


def format_rate(rate: Decimal | float, language: str, digits: int = 1) -> str:
    """A rate 0–1 as `86.8%`."""
    pattern = f"#,##0.{'0' * digits}%" if digits else "#,##0%"
    return format_percent(round_half_up(rate, digits + 2), locale=babel_locale(language), format=pattern)
