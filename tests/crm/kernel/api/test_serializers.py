"""Strict records: refused as the framework refuses, and nothing of one record stays for the next."""

import threading

import pytest
from rest_framework.exceptions import ValidationError

from customers.orders.serializers import OrderIn

GOOD = {
    "source": "shop",
    "number": "A-1",
    "customer": "cu_1",
    "placed_at": "2026-03-01T10:00:00+08:00",
    "currency": "CNY",
    "lines": [{"sku": "TEA", "quantity": "2"}],
}
BAD = [
    {},
    [GOOD],
    {**GOOD, "lines": []},
    {**GOOD, "lines": [{"sku": "TEA"}, {"quantity": "x"}]},
    {**GOOD, "currency": "yuan", "status": "eaten"},
    {**GOOD, "colour": "red"},
    {**GOOD, "store": "\x00"},
]


@pytest.mark.parametrize("record", BAD)
def test_refusals_are_those_of_a_fresh_form(record):
    fresh = OrderIn(data=record)
    with pytest.raises(ValidationError) as expected:
        fresh.is_valid(raise_exception=True)

    with pytest.raises(ValidationError) as refusal:
        OrderIn.validate_record(record)

    assert refusal.value.get_full_details() == expected.value.get_full_details()


def test_nothing_at_all_is_refused_as_a_whole():
    with pytest.raises(ValidationError) as refusal:
        OrderIn.validate_record(None)

    assert refusal.value.get_codes() == {"non_field_errors": ["null"]}


def test_good_record_after_a_bad_one_is_whole_and_its_own():
    first = OrderIn.validate_record({**GOOD, "store": "Jing’an"})
    with pytest.raises(ValidationError):
        OrderIn.validate_record({**GOOD, "lines": []})
    second = OrderIn.validate_record(GOOD)

    fresh = OrderIn(data=GOOD)
    fresh.is_valid(raise_exception=True)
    assert second == fresh.validated_data
    assert (first["store"], second["store"]) == ("Jing’an", "")


def test_every_thread_has_a_form_of_its_own():
    forms = []

    def keep():
        OrderIn.validate_record(GOOD)
        forms.append(OrderIn.thread_instance())

    threads = [threading.Thread(target=keep) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert forms[0] is not forms[1]
    assert OrderIn.thread_instance() is OrderIn.thread_instance()
