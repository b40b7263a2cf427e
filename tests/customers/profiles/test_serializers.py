"""Customers as the API takes them: what is no birthday, phone or zone is refused by field."""

import pytest
from rest_framework.exceptions import ValidationError

from customers.profiles import serializers

pytestmark = pytest.mark.rule("PL-40")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"birthday": {"month": 2, "day": 30}}, "birthday"),
        ({"time_zone": "Moon/Crater"}, "time_zone"),
        ({"external_ids": {"s" * 41: "1"}}, "external_ids"),
        ({"country": "China"}, "country"),
        ({"country": "XX"}, "country"),
        ({"email": "a@localhost"}, "email"),
        ({"email": f"{'a' * 65}@shop.example"}, "email"),
        ({"email": "ann\u200b@shop.example"}, "email"),
        ({"external_ids": {"shop": "C\u200b1"}}, "external_ids"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_wrong_field_is_named(data, field):
    form = serializers.CustomerIn(data={"display_name": "Ana", **data})

    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_fields_of_a_customer_hold_the_phone_in_e164_and_the_birthday_in_parts():
    fields = serializers.build_customer_fields(
        {"display_name": "Ana", "phone": "138 1234 2217", "birthday": {"month": 6, "day": 5, "calendar": "lunar"}}, "CN"
    )

    assert fields["phone"] == "+8613812342217"
    assert (fields["birth_month"], fields["birth_day"], fields["birth_year"]) == (6, 5, None)
    assert serializers.build_customer_fields({"display_name": "Ana", "birthday": None}, "CN")["birth_month"] is None


@pytest.mark.rule("CU-2")
def test_what_nobody_sees_is_dropped_at_the_edges_and_addresses_may_be_in_any_script():
    sent = {
        "display_name": "\u200bAna\ufeff",
        "email": "\u2066ana@bücher.example\u2069",
        "external_ids": {"shop\u00ad": "\u200bC1"},
        "tags": ["vip\u200b"],
    }

    assert serializers.CustomerIn.validate_record(sent) == {
        "display_name": "Ana",
        "email": "ana@bücher.example",
        "external_ids": {"shop": "C1"},
        "tags": ["vip"],
    }


@pytest.mark.rule("CU-2")
def test_phone_is_judged_by_the_customers_country_then_by_the_companys():
    french = {"display_name": "Ana", "phone": "06 12 34 56 78"}

    assert serializers.build_customer_fields({**french, "country": "FR"}, "CN")["phone"] == "+33612345678"
    assert serializers.build_customer_fields(french, "CN", "FR")["phone"] == "+33612345678"
    with pytest.raises(ValidationError):
        serializers.build_customer_fields(french, "CN")


@pytest.mark.parametrize("data", [{"phone": "12", "display_name": "Ana"}, {"city": "Hangzhou"}])
def test_bad_phone_and_a_customer_without_a_name_are_refused(data):
    with pytest.raises(ValidationError):
        serializers.build_customer_fields(data, "CN")
