"""Numbers in any usual writing; what is not understood is refused and never stripped until it is a number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from customers.importing import cell_numbers
from customers.importing.cell_numbers import BadNumber, NumberEvidence, ParsedNumber, parse_number

pytestmark = pytest.mark.rule("CU-30", "PL-51")


@pytest.mark.parametrize(
    ("cell", "value", "currency"),
    [
        ("Rs. 500", "500", ""),
        ("Rs.500", "500", ""),
        ("1.2万", "12000", ""),
        ("¥1.2万元", "12000", ""),
        ("3亿", "300000000", ""),
        ("2.5k", "2500", ""),
        ("−3", "-3", ""),
        ("–3.50", "-3.50", ""),
        ("5.00-", "-5.00", ""),
        ("(12.00)", "-12.00", ""),
        ("($5.00)", "-5.00", ""),
        ("¥-5", "-5", ""),
        ("-¥5", "-5", ""),
        ("12.50 EUR", "12.50", "EUR"),
        ("EUR 12,50", "12.50", "EUR"),
        ("R$ 5", "5", "BRL"),
        ("AUD $5", "5", "AUD"),
        ("¥1,234", "1234", ""),
        ("1.234,56", "1234.56", ""),
        ("1,234.56", "1234.56", ""),
        ("1 234,56", "1234.56", ""),
        ("1\u202f234,56 €", "1234.56", "EUR"),
        ("1’234.50", "1234.50", ""),
        ("1,23,456.00", "123456.00", ""),
        ("12,-", "12", ""),
        ("１２．５０", "12.50", ""),
        (".5", "0.5", ""),
        ("$.99", "0.99", ""),
        ("1.5E+3", "1500", ""),
        ("\u200b12.50\ufeff", "12.50", ""),
        ("99.89999999999999", "99.90", ""),
        ("33.333333333333336", "33.3333", ""),
        ("4.44E-16", "0", ""),
    ],
)
def test_number_is_understood_in_its_writing(cell, value, currency):
    assert parse_number(cell) == ParsedNumber(Decimal(value), currency)


@pytest.mark.parametrize(
    "cell",
    [
        "", "-", "abc", "2 x 9.99", "2x9.99", "9.99/kg", "5%", "=5", "12E", "1-2", "--5", "(-5)", "1.2.3", "1,2,3", "1,23.4",
        "12 50", "1.234.5", "ca. 5", "5 apples", "US$5 EUR", "½", "NaN", "Infinity", "1_000", "0x10", "5 5", "Rs . 5",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(cell):
    with pytest.raises(BadNumber, match="is no number"):
        parse_number(cell)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.23456", "more than four decimals"),
        ("1e15", "out of range"),
        ("9" * 400, "out of range"),
        ("1e400", "out of range"),
    ],
)
def test_number_that_cannot_be_kept_exactly_is_refused(cell, reason):
    with pytest.raises(BadNumber, match=reason):
        parse_number(cell)


@pytest.mark.parametrize(
    ("sign", "point", "comma"), [("", "1.234", "1234"), ("point", "1.234", "1234"), ("comma", "1234", "1.234")]
)
def test_sign_of_the_column_decides_what_could_be_two_numbers_and_nothing_else(sign, point, comma):
    assert (parse_number("1.234", sign).value, parse_number("1,234", sign).value) == (Decimal(point), Decimal(comma))
    assert parse_number("12,5", sign).value == parse_number("12.5", sign).value == Decimal("12.5")


def test_column_of_both_signs_refuses_what_could_be_two_numbers():
    with pytest.raises(BadNumber, match="could be two numbers"):
        parse_number("1.234", "mixed")
    assert parse_number("1.234,5", "mixed").value == Decimal("1234.5")


@pytest.mark.parametrize(
    ("cells", "sign", "unproven"),
    [
        (["12", "1.234", "0,99"], "comma", "1.234"),
        (["1,234", "1,234.5"], "point", "1,234"),
        (["1.234.567"], "comma", ""),
        (["1,234,567", "12"], "point", ""),
        (["1,5", "1.5"], "mixed", ""),
        (["1.234", "1,234"], "", "1.234"),
        (["12", "about 5"], "", ""),
    ],
)
def test_column_proves_its_sign(cells, sign, unproven):
    evidence = NumberEvidence()
    for cell in cells:
        evidence.add_cell(cell)

    assert (evidence.sign, evidence.unproven) == (sign, unproven)


@pytest.mark.parametrize(
    ("cells", "currency"),
    [
        ({"unit_price": "12.50 EUR", "line_total": "25"}, "EUR"),
        ({"unit_price": "€12.50", "line_total": "25 EUR"}, "EUR"),
        ({"unit_price": "€12.50", "line_total": "25 USD"}, ""),
        ({"unit_price": "$12.50", "line_total": ""}, ""),
        ({"unit_price": "x", "line_total": "25 EUR"}, "EUR"),
    ],
)
def test_row_has_the_one_currency_that_its_amounts_name(cells, currency):
    assert cell_numbers.named_currency(cells, frozenset(cells)) == currency


@given(some.decimals(min_value=-(10**12), max_value=10**12, places=2), some.sampled_from([",", ".", " ", "'"]))
def test_number_is_read_as_it_was_written_in_any_grouping(value, group):
    point = "," if group in ". " else "."
    written = f"{value:,.2f}".translate({ord(","): group, ord("."): point})

    assert parse_number(written).value == value
