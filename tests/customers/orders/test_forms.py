"""Filters of the order list, and the forms of refunds and rates."""

from decimal import Decimal

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
    order = make_order(make_customer(), "10")
    lines = list(order.lines.select_related("product"))

    form = RefundForm({"amount": amount, "source_ref": "R1"}, order=order, lines=lines)

    assert list(form.errors) == ["amount"]
    assert form.fields["lines"].choices == [(str(lines[0].pk), "1. Wuyi tea 武夷岩茶, ¥10.00")]


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("sent", "refunded"),
    [
        ({"amount": "5"}, ([], 0)),
        ({"lines": True}, ([None], 0)),
        ({"lines": True, "amount": "3"}, ([3], 0)),
        ({"lines": True, "amount": "9", "shipping": "4"}, ([5], 4)),
        ({"lines": True, "amount": "12", "shipping": "4"}, ([6], 4)),
        ({"shipping": "4"}, ([], 4)),
    ],
)
def test_refund_names_a_sum_or_lines_or_both(sent, refunded, make_customer, make_order):
    """Of 10 for the line, 4 were paid by a reward."""
    order = make_order(make_customer(), "10", shipping_total=Decimal(4), reward_discount=Decimal(4))
    lines = list(order.lines.select_related("product"))
    if "lines" in sent:
        sent = {**sent, "lines": [str(lines[0].pk)]}

    form = RefundForm({**sent, "source_ref": "R1"}, order=order, lines=lines)

    assert form.is_valid(), form.errors
    assert ([line.amount for line in form.cleaned_data["lines"]], form.cleaned_data["shipping"]) == refunded


def test_refund_of_nothing_says_so(make_customer, make_order):
    order = make_order(make_customer(), "10")

    form = RefundForm({"source_ref": "R1"}, order=order, lines=list(order.lines.all()))

    assert form.errors == {"amount": ["Say how much, or for what."]}
    assert "shipping" not in form.fields
