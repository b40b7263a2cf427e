"""Phone numbers: whatever is typed becomes E.164, or is refused."""

import pytest

from customers.profiles import phones

pytestmark = pytest.mark.rule("CU-1")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("138 1234 2217", "CN", "+8613812342217"),
        ("＋８６－１３８１２３４２２１７", "DE", "+8613812342217"),
        ("030 901820", "DE", "+4930901820"),
        ("+1 (415) 555-2671", "CN", "+14155552671"),
    ],
)
def test_number_in_any_writing_becomes_e164(text, region, number):
    assert phones.normalize_phone(text, region) == number


@pytest.mark.parametrize("text", ["", "12", "call me", "+999999999999999999999"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(phones.BadPhone):
        phones.normalize_phone(text, "CN")


@pytest.mark.parametrize(
    ("number", "shown"), [("+8613812342217", "+86 138 1234 2217"), (None, ""), ("", ""), ("odd", "odd")]
)
def test_number_is_shown_in_groups(number, shown):
    assert phones.format_phone(number) == shown
