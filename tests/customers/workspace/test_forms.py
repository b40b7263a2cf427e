"""Forms of the workspace: filters offer only what there is."""

import pytest
from django import forms
from django.http import QueryDict

from customers.workspace.forms import BulkOwnerForm, FilterDialogForm

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


def test_dialog_offers_only_values_that_there_are(make_customer, make_order):
    make_order(make_customer("Ana", tags=["gift"]), "10", channel="store", store="静安店")

    form = FilterDialogForm(QueryDict("tag=gift"))

    assert form.fields["tag"].widget.choices == [("gift", "gift")]
    assert isinstance(form.fields["tag"].widget, forms.CheckboxSelectMultiple)
    assert [value for value, _label in form.fields["store"].widget.choices] == ["", "静安店"]
    assert "q" not in form.fields


def test_owners_are_active_staff_by_name(make_user):
    mei, an = make_user("sales", name="Mei"), make_user("sales", name="An")
    make_user("sales", name="Gone", is_active=False)

    choices = BulkOwnerForm().fields["owner"].choices

    assert list(choices) == [("", "nobody"), (an.public_id, "An"), (mei.public_id, "Mei")]
