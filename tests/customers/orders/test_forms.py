"""Filters of the order list, and the forms of refunds and rates."""

import pytest
from django.core.cache import cache

from customers.orders.forms import ExchangeRateForm, OrderFilter, RefundForm

pytestmark = pytest.mark.django_db


def test_filter_offers_the_stores_and_channels_that_orders_have(make_customer, make_order):
    cache.clear()
    make_order(make_customer(), "10", store="静安店", channel="web")

    form = OrderFilter({}).with_choices()

    assert [value for value, _label in form.fields["store"].widget.choices][1:] == ["静安店"]
    assert [value for value, _label in form.fields["channel"].widget.choices][1:] == ["web"]


def test_rate_takes_its_currency_in_capitals():
    form = ExchangeRateForm({"currency": "usd", "day": "2026-03-01", "rate": "7.1"})

    assert form.is_valid()
    assert form.cleaned_data["currency"] == "USD"


@pytest.mark.parametrize("amount", ["0", "-1", "1.00001", "x"])
def test_refund_needs_an_amount_above_zero_of_at_most_four_decimals(amount, make_customer, make_order):
    lines = list(make_order(make_customer(), "10").lines.select_related("product"))

    form = RefundForm({"amount": amount, "source_ref": "R1"}, lines=lines)

    assert list(form.errors) == ["amount"]
    assert [value for value, _label in form.fields["line"].choices] == ["", str(lines[0].pk)]
