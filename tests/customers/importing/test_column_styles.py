"""Order of day and month, and decimal sign: the whole column decides, then the file, then what is usual; who knows better chooses."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from customers.importing import column_styles
from customers.importing.cell_parsing import CellFormat
from customers.importing.column_styles import StyleDetector

pytestmark = pytest.mark.rule("CU-30")
MAPPING = {"placed_at": "Date", "birthday": "Born", "unit_price": "Price", "line_total": "Sum", "sku": "SKU"}


def proven(*rows: tuple[str, str, str, str]) -> dict[str, dict[str, str]]:
    detector = StyleDetector(MAPPING)
    for row in rows:
        detector.add_row(dict(zip(MAPPING, (*row, "13/12/2025"), strict=True)))
    return detector.proven_styles()


def test_column_without_proof_follows_the_one_that_has_it():
    styles = proven(("13.12.2025", "6.5.1991", "0,99", "1.234"), ("01.12.2025", "", "1", ""))

    assert column_styles.date_orders(styles, {}, "US") == {"placed_at": "dmy", "birthday": "dmy"}
    assert column_styles.decimal_signs(styles, {}) == {"unit_price": "comma", "line_total": "comma"}


def test_columns_that_prove_nothing_are_read_as_is_usual_in_the_companys_country():
    styles = proven(("01/12/2025", "6/5/1991", "1", "1.234"))

    assert column_styles.date_orders(styles, {}, "GB") == {"placed_at": "dmy", "birthday": "dmy"}
    assert column_styles.date_orders(styles, {}, "CN") == {"placed_at": "", "birthday": ""}
    assert column_styles.decimal_signs(styles, {}) == {"line_total": ""}


def test_choice_overrules_the_columns_but_not_the_day_numbers_of_a_spreadsheet():
    styles = proven(("13/12/2025", "33395", "0,99", "1"))

    assert column_styles.date_orders(styles, {"date_order": "mdy"}, "CN") == {"placed_at": "mdy", "birthday": "serial"}
    assert column_styles.decimal_signs(styles, {"decimal": "point"}) == {"unit_price": "point"}


def described(styles, **options):
    form = CellFormat(
        "CNY",
        ZoneInfo("Asia/Shanghai"),
        column_styles.date_orders(styles, options, "CN"),
        column_styles.decimal_signs(styles, options),
        today=date(2026, 11, 28),
    )
    return {reading.column: reading for reading in column_styles.describe_styles(styles, MAPPING, options, form)}


def test_example_shows_how_a_cell_is_read_that_could_be_two_things():
    found = described(proven(("01.12.2025", "6/5/1991", "1,234", "5"), ("13.12.2025", "", "12,50", "")))

    assert [(r.style, r.example, r.value, r.is_certain) for r in found.values()] == [
        ("Day first", "01.12.2025", date(2025, 12, 1), True),
        ("Day first", "6/5/1991", date(1991, 5, 6), False),
        ("Decimal comma", "1,234", Decimal("1.234"), True),
    ]
    assert (found["Date"].value_text, found["Price"].value_text) == ("1 December 2025", "1.234")


def test_columns_that_could_be_either_say_so_until_somebody_chooses():
    styles = proven(("01/12/2025", "", "1.234", ""))

    assert [(r.column, r.is_certain, r.reason) for r in described(styles).values()] == [
        ("Date", False, "no date of the column shows which number is the day"),
        ("Price", False, "no number of the column shows what the sign parts"),
    ]
    chosen = described(styles, date_order="dmy", decimal="comma")
    assert [(r.value, r.is_certain) for r in chosen.values()] == [(date(2025, 12, 1), True), (Decimal(1234), True)]


def test_column_of_both_styles_says_what_it_leaves_out():
    found = described(
        proven(("13/12/2025", "", "1,5", ""), ("12/13/2025", "", "1.5", ""), ("1/2/2025", "", "1.234", ""))
    )

    assert [(r.style, r.value, r.is_certain) for r in found.values()] == [
        ("Day first and month first", None, False),
        ("Decimal comma and point", None, False),
    ]
    assert found["Date"].reason == "the column has both; what could be either is left out"
