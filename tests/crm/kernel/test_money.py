"""Amounts and numbers: what is written by hand for speed is what the library writes."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_currency, format_decimal, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel import money
from crm.kernel.ui.languages import LANGUAGE_CODES, babel_locale

AMOUNTS = st.decimals(-(10**12), 10**12, places=4)


@pytest.mark.rule("PL-30")
@given(AMOUNTS, st.sampled_from(sorted(list_currencies())), st.sampled_from(LANGUAGE_CODES))
def test_whole_amounts_are_written_as_the_library_writes_them(amount, currency, language):
    locale = babel_locale(language)
    expected = format_currency(
        int(amount.quantize(Decimal(1), ROUND_HALF_UP)), currency, locale=locale, format="¤#,##0", currency_digits=False
    )

    assert money.format_money(amount, currency, language, whole=True) == expected.replace("CN¥", "¥")


@pytest.mark.rule("PL-30")
@given(st.integers(-(10**15), 10**15), st.sampled_from(LANGUAGE_CODES))
def test_integers_are_written_as_the_library_writes_them(value, language):
    assert money.format_number(value, language) == format_decimal(value, locale=babel_locale(language))


@pytest.mark.rule("PL-30")
def test_halves_go_up_wherever_a_number_is_written():
    assert money.format_money(Decimal("0.125"), "USD", "en") == "$0.13"
    assert money.format_money(Decimal("2.5"), "USD", "en", whole=True) == "$3"
    assert money.format_rate(Decimal("0.5065"), "en") == "50.7%"
    assert money.format_rate(0.125, "en", 0) == "13%"
    assert money.format_number(Decimal("1.0005"), "en") == "1.001"
