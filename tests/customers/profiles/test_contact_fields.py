"""E-mail and phone in forms and in the API are judged as in files."""

import pytest
from django.core.exceptions import ValidationError
from rest_framework import serializers

from customers.profiles import contact_fields

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-2", "PL-51")]
GOOD, BAD = (
    ["ana@shop.example", "ana@bücher.example"],
    ["a@localhost", "nobody", f"{'a' * 65}@shop.example", "a\u200bb@shop.example"],
)


@pytest.mark.parametrize("address", GOOD)
def test_address_that_mail_reaches_is_taken(address):
    assert contact_fields.EmailAddressField().clean(f"{address} ") == address
    assert contact_fields.EmailAddressIn().run_validation(address) == address


@pytest.mark.parametrize("address", BAD)
def test_address_that_mail_cannot_reach_is_refused(address):
    with pytest.raises(ValidationError):
        contact_fields.EmailAddressField().clean(address)
    with pytest.raises(serializers.ValidationError):
        contact_fields.EmailAddressIn().run_validation(address)


def test_blank_is_no_address_and_no_number():
    assert contact_fields.EmailAddressField(required=False).clean("") == ""
    assert contact_fields.EmailAddressIn(allow_blank=True).run_validation("") == ""
    assert contact_fields.PhoneField(required=False).clean(" ") is None


def test_number_without_country_code_is_of_the_country_then_the_companys():
    field = contact_fields.PhoneField()
    with pytest.raises(ValidationError):
        field.clean("06 12 34 56 78")
    field.country = "France"

    assert field.clean("06 12 34 56 78") == "+33612345678"
    assert field.clean("138 1234 2217") == "+8613812342217"
