"""Orders as the API takes them: money has at most four decimals and is never negative, an order has lines."""

import pytest

from customers.orders.serializers import OrderIn, RefundIn

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PL-40")]
ORDER = {
    "source": "shop",
    "number": "A-1",
    "customer": "external:shop:C1",
    "placed_at": "2026-03-01T10:00:00+08:00",
    "currency": "CNY",
    "lines": [{"sku": "TEA"}],
}


def test_line_has_its_defaults():
    line = OrderIn.validate_record(ORDER)["lines"][0]

    assert (line["quantity"], line["unit_price"], line["discount"], line["total"], line["name"]) == (1, 0, 0, None, "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"lines": []}, "lines"),
        ({"currency": "yuan"}, "currency"),
        ({"placed_at": "yesterday"}, "placed_at"),
        ({"shipping_total": "-1"}, "shipping_total"),
        ({"lines": [{"sku": "TEA", "unit_price": "0.00001"}]}, "lines"),
        ({"status": "lost"}, "status"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_wrong_field_is_named(fields, field):
    form = OrderIn(data={**ORDER, **fields})

    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_refund_of_nothing_is_refused():
    assert not RefundIn(data={"source_ref": "R1", "amount": "0"}).is_valid()
