"""Forms of a customer: names, custom fields."""

import pytest

from customers.profiles import forms

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-1", "CU-2")]
LEAST = {"birthday_calendar": "solar"}


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [("林", "嘉怡", "林嘉怡"), ("Hartmann", "Olivia", "Olivia Hartmann"), ("", "Cher", "Cher"), ("欧阳", "", "欧阳")],
)
def test_name_is_made_the_way_the_language_does_it(family, given, name):
    form = forms.CustomerForm({**LEAST, "family_name": family, "given_name": given})

    assert form.is_valid()
    assert form.values["display_name"] == name
