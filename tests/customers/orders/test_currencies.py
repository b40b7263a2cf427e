"""What is a currency: legal tender of some country on that day."""

from datetime import date

import pytest

from customers.orders.currencies import is_currency


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("code", "on", "known"),
    [
        ("CNY", date(2026, 12, 1), True),
        ("TWD", date(2026, 12, 1), True),
        ("DEM", date(2026, 12, 1), False),
        ("DEM", date(1999, 6, 1), True),
        ("HRK", date(2021, 6, 1), True),
        ("HRK", date(2023, 6, 1), False),
        ("HRK", None, True),
        ("XXX", None, False),
        ("XTS", None, False),
        ("XAU", None, False),
        ("ZZZ", None, False),
        ("yen", None, False),
        ("", None, False),
    ],
)
def test_code_is_a_currency_where_one_could_pay_with_it(code, on, known):
    assert is_currency(code, on) is known
