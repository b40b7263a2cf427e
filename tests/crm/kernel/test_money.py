"""Amounts and numbers: what is written by hand for speed is what the library writes."""

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
    expected = format_currency(round(amount), currency, locale=locale, format="¤#,##0", currency_digits=False)

    assert money.format_money(amount, currency, language, whole=True) == expected.replace("CN¥", "¥")


@pytest.mark.rule("PL-30")
@given(st.integers(-(10**15), 10**15), st.sampled_from(LANGUAGE_CODES))
def test_integers_are_written_as_the_library_writes_them(value, language):
    assert money.format_number(value, language) == format_decimal(value, locale=babel_locale(language))
