"""Template tags of customers: masks, yearly days, order states."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from customers.orders.models import Order
from customers.templatetags import customer_tags


@pytest.mark.rule("PL-53")
@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("phone", "+8613812342217", "+86 ••• 2217"),
        ("email", "lin@example.com", "l•••@example.com"),
        ("wechat", "lin", "•••"),
    ],
)
def test_contact_is_masked_for_who_may_not_see_it(kind, value, masked):
    point = SimpleNamespace(kind=kind, value=value)

    assert customer_tags.contact_value(point, False) == masked
    assert "•" not in customer_tags.contact_value(point, True)


def test_customer_without_contacts_has_dashes():
    nobody = SimpleNamespace(email=None, phone=None)

    assert [customer_tags.email_of(nobody, True), customer_tags.phone_of(nobody, False)] == ["–", "–"]


@pytest.mark.parametrize(
    ("language", "year", "calendar", "written"),
    [
        ("en", None, "solar", "5 Jun"),
        ("en", 1990, "solar", "5 Jun 1990"),
        ("en", None, "lunar", "5/6, lunar"),
        ("zh-hans", 1990, "solar", "1990年6月5日"),
        ("zh-hant", None, "lunar", "農曆6月5日"),
    ],
)
def test_yearly_day_is_written_in_the_readers_language(language, year, calendar, written):
    with translation.override(language):
        assert customer_tags.yearly(6, 5, year, calendar) == written


@pytest.mark.parametrize(
    ("status", "refunded", "word"),
    [("cancelled", 0, "Cancelled"), ("delivered", 112, "Refunded"), ("delivered", 100, "Delivered")],
)
def test_order_state_says_refunded_only_for_all_of_it(status, refunded, word):
    order = Order(status=status, refunded_total=Decimal(refunded), goods_total=Decimal(100), total=Decimal(112))

    assert word in customer_tags.order_status(order)


@pytest.mark.parametrize(("value", "text"), [(["a", "b"], "a, b"), ([], "–"), (None, "–"), (0, "0")])
def test_values_are_text_and_nothing_is_a_dash(value, text):
    assert customer_tags.words(value) == text
