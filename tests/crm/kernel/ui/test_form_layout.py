"""A form draws the groups and rows that it says, and leaves the form element to its page."""

import pytest
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template import Context, Template

from crm.kernel.ui.form_layout import FormLayoutMixin, form_row


class GroupedForm(FormLayoutMixin, forms.Form):
    """Three fields in a group, two of them in a row, and one that stands elsewhere on the page."""

    street = forms.CharField()
    city = forms.CharField()
    country = forms.CharField()
    note = forms.CharField()

    def build_layout(self) -> Layout:
        return Layout(Fieldset("Address", "street", form_row("city", "country")))


def drawn(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def test_groups_and_rows_are_drawn_in_the_order_of_the_layout():
    html = drawn(GroupedForm())

    marks = ["<legend>Address</legend>", 'name="street"', 'class="eg-form-row"', 'name="city"', 'name="country"']
    assert sorted(marks, key=html.index) == marks
    assert 'name="note"' not in html


def test_the_page_brings_form_element_and_token():
    html = drawn(GroupedForm())

    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html


def test_a_wrong_field_says_so_beside_itself():
    html = drawn(GroupedForm({"street": "Market Road", "city": "", "country": "CN"}))

    assert html.count("This field is required.") == 1
    assert "is-invalid" in html


def test_a_form_without_a_layout_says_so():
    with pytest.raises(TypeError, match="has no layout"):
        drawn(type("BareForm", (FormLayoutMixin, forms.Form), {})())
