"""Forms of a customer: names, custom fields."""

import pytest
from django.http import QueryDict

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


@pytest.mark.parametrize(("country", "phone"), [("法国", "+33612345678"), ("FR", "+33612345678")])
def test_phone_is_of_the_country_that_stands_in_the_form(country, phone):
    form = forms.CustomerForm({**LEAST, "display_name": "Ana", "country": country, "phone": "06 12 34 56 78"})

    assert form.is_valid(), form.errors
    assert (form.values["country"], form.values["phone"]) == ("FR", phone)


def test_what_nobody_sees_is_dropped_and_addresses_may_be_in_any_script():
    sent = QueryDict(mutable=True)
    sent.update(
        {**LEAST, "display_name": "\u200bAna\ufeff", "email": "ana@bücher.example\u200b", "tags": "vip|gold\u200b"}
    )
    form = forms.CustomerForm(sent)

    assert form.is_valid(), form.errors
    assert (form.values["display_name"], form.values["email"], form.values["tags"]) == (
        "Ana",
        "ana@bücher.example",
        ["vip", "gold"],
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("email", "a@localhost"),
        ("email", "an\u200ba@shop.example"),
        ("email", f"{'a' * 65}@shop.example"),
        ("phone", "000000"),
        ("phone", "555-CALL-NOW"),
        ("country", "Atlantis"),
    ],
)
def test_contact_that_cannot_exist_is_refused(field, text):
    form = forms.CustomerForm({**LEAST, "display_name": "Ana", field: text})

    assert list(form.errors) == [field]


def test_id_with_a_hidden_character_is_refused_and_trimmed_at_its_edges():
    assert list(forms.ExternalIdForm({"source": "shop", "value": "C\u200b1"}).errors) == ["value"]
    form = forms.ExternalIdForm({"source": "shop", "value": "\u200bC1"})
    assert form.is_valid()
    assert form.cleaned_data["value"] == "C1"


def test_further_contact_is_judged_by_its_kind():
    assert list(forms.ContactPointForm({"kind": "email", "value": "a@localhost", "label": ""}).errors) == ["value"]
    form = forms.ContactPointForm({"kind": "phone", "value": "138 1234 2217\u200b", "label": ""})
    assert form.is_valid()
    assert form.cleaned_data["value"] == "+8613812342217"
