"""Short ways through cells of the plainest kind: they give what the libraries give."""

import phonenumbers
import pytest
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from customers.importing import cell_parsing
from customers.profiles import phones

SEPARATED = st.lists(st.sampled_from(["", " ", "-"]), min_size=11, max_size=11)


@pytest.mark.rule("CU-30")
@given(
    st.from_regex(r"\A1[3-9][0-9]{9}\Z"), SEPARATED, st.sampled_from(["", "+86", "+86 "]), st.sampled_from(["CN", "US"])
)
def test_mobile_numbers_of_china_are_read_as_the_library_reads_them(digits, separators, code, region):
    typed = code + "".join(mark + digit for digit, mark in zip(digits, separators, strict=True)).strip(" -")
    try:
        parsed = phonenumbers.parse(typed, region)
        expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        expected = expected if phonenumbers.is_possible_number(parsed) else None
    except phonenumbers.NumberParseException:
        expected = None

    try:
        found = phones.normalize_phone(typed, region)
    except phones.BadPhone:
        found = None

    assert found == expected


@pytest.mark.rule("CU-30")
@given(st.from_regex(cell_parsing.PLAIN_EMAIL, fullmatch=True).filter(lambda text: len(text) <= 254))
def test_plain_addresses_are_addresses_for_django_too(address):
    validate_email(address)

    assert cell_parsing.parse_email("email", address) == address
