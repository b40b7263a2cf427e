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


@pytest.mark.parametrize("data", [{"phone": "12", "display_name": "Ana"}, {"city": "Hangzhou"}])
def test_bad_phone_and_a_customer_without_a_name_are_refused(data):
    with pytest.raises(ValidationError):
        serializers.build_customer_fields(data, "CN")
