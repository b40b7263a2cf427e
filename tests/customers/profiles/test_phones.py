"""Phone numbers: whatever is typed becomes E.164, or is refused."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as some

from customers.profiles import phones

pytestmark = pytest.mark.rule("CU-1")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("138 1234 2217", "CN", "+8613812342217"),
        ("＋８６－１３８１２３４２２１７", "DE", "+8613812342217"),
        ("030 901820", "DE", "+4930901820"),
        ("+1 (415) 555-2671", "CN", "+14155552671"),
        ("13800138000.0", "CN", "+8613800138000"),
        ("1.3800138000E+10", "CN", "+8613800138000"),
        ("tel:+86 138 1234 2217", "US", "+8613812342217"),
        ("\u202a138 1234 2217\u202c", "CN", "+8613812342217"),
        ("+1 415 555 2671 ext. 5", "CN", "+14155552671"),
    ],
)
def test_number_in_any_writing_becomes_e164(text, region, number):
    assert phones.normalize_phone(text, region) == number


@pytest.mark.rule("CU-2")
def test_number_is_of_the_first_country_that_has_it():
    assert phones.normalize_phone("06 12 34 56 78", "FR", "CN") == "+33612345678"
    assert phones.normalize_phone("138 1234 2217", "FR", "CN") == "+8613812342217"


@pytest.mark.rule("CU-2")
@pytest.mark.parametrize(
    "text",
    [
        "", "12", "call me", "+999999999999999999999", "000000", "1380013800", "138001380000", "555-CALL-NOW", "1-800-FLOWERS",
        "+86 123 4567 8901", "1.38001E+10", "13812342217 13912342217",
    ],
)  # fmt: skip
@pytest.mark.parametrize("regions", [("CN",), ("US",), ("FR", "CN")])
def test_number_that_nobody_can_have_is_refused(text, regions):
    with pytest.raises(phones.BadPhone):
        phones.normalize_phone(text, *regions)


SEPARATED = some.lists(some.sampled_from(["", " ", "-"]), min_size=11, max_size=11)


@given(
    some.from_regex(r"\A1[3-9][0-9]{9}\Z"),
    SEPARATED,
    some.sampled_from(["", "+86", "+86 "]),
    some.sampled_from(["CN", "US"]),
)
def test_mobile_numbers_of_china_are_read_as_the_library_reads_them(digits, separators, code, region):
    typed = code + "".join(mark + digit for digit, mark in zip(digits, separators, strict=True)).strip(" -")
    try:
        parsed = phonenumbers.parse(typed, region)
        expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        expected = expected if phonenumbers.is_valid_number(parsed) else None
    except phonenumbers.NumberParseException:
        expected = None

    try:
        number = phones.normalize_phone(typed, region)
    except phones.BadPhone:
        number = None

    assert number == expected


@pytest.mark.parametrize(
    ("number", "shown"), [("+8613812342217", "+86 138 1234 2217"), (None, ""), ("", ""), ("odd", "odd")]
)
def test_number_is_shown_in_groups(number, shown):
    assert phones.format_phone(number) == shown
