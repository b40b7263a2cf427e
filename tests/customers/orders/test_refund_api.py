"""Refunds by API: with parts, as a plain sum, once for each reference, never more than was paid."""

import pytest

from customers.orders.models import Order
from tests.customers.conftest import ORDER

TWO_LINES = {
    **ORDER,
    "lines": [{"sku": "TEA", "unit_price": "60"}, {"sku": "BOOK", "unit_price": "40", "line_ref": "L2"}],
    "shipping_total": "12",
    "tax_total": "13",
}


@pytest.fixture
def url(api, customer):
    """Where refunds of an order of 60 + 40 goods, 12 shipping and 13 tax are posted."""
    order = api.post("/api/v1/orders/", TWO_LINES, format="json").data["id"]
    return f"/api/v1/orders/{order}/refunds/"


def post(api, url, **body):
    return api.post(url, {"source_ref": "R1", **body}, format="json")


@pytest.mark.rule("CU-10")
def test_plain_sum_up_to_what_was_paid_is_taken(api, url):
    answer = post(api, url, amount="112")

    assert answer.status_code == 201
    assert (answer.data["goods_amount"], answer.data["shipping_amount"]) == ("100.0000", "12.0000")
    assert post(api, url, source_ref="R2", amount="13.01").status_code == 409
    assert post(api, url, source_ref="R2", amount="13").data["tax_amount"] == "13.0000"


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize("named", [{"sku": "BOOK"}, {"line_ref": "L2"}, {"position": 2}])
def test_refund_names_lines_and_parts(api, url, named):
    answer = post(api, url, lines=[named], shipping="12", tax="5.20")

    assert answer.status_code == 201
    assert (answer.data["amount"], answer.data["goods_amount"]) == ("57.2000", "40.0000")
    assert answer.data["lines"] == [{"position": 2, "sku": "BOOK", "amount": "40.0000", "quantity": None}]
    order = api.get(url.removesuffix("refunds/")).data
    assert (order["refunded_total"], order["refunded_goods"], order["paid_goods"]) == ("57.2000", "40.0000", "100.0000")


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "amount"),
        ({"lines": [{"sku": "CUP"}]}, "lines.0.sku"),
        ({"lines": [{}]}, "lines.0"),
        ({"lines": [{"sku": "BOOK", "quantity": "2"}]}, "lines.0.quantity"),
        ({"amount": "10", "shipping": "12"}, "amount"),
        ({"shipping": "-1"}, "shipping"),
    ],
)
def test_refund_that_cannot_be_is_refused_by_field(api, url, body, attr):
    answer = post(api, url, **body)

    assert (answer.status_code, answer.data["errors"][0]["attr"]) == (400, attr)
    assert Order.objects.get().refunded_total == 0


@pytest.mark.rule("CU-10", "CU-11")
@pytest.mark.parametrize(
    ("again", "status"), [({"amount": "40"}, 200), ({"amount": "41"}, 409), ({"lines": [{"sku": "BOOK"}]}, 409)]
)
def test_reference_with_other_content_is_a_conflict(api, url, again, status):
    first = post(api, url, amount="40")

    answer = post(api, url, **again)

    assert answer.status_code == status
    if status == 200:
        assert answer.data == first.data
    else:
        assert answer.data["errors"][0]["code"] == "refund_conflict"
    assert Order.objects.get().refunded_total == 40


@pytest.mark.rule("CU-11")
def test_unpaid_order_takes_no_refund(api, customer):
    order = api.post("/api/v1/orders/", {**TWO_LINES, "status": "placed"}, format="json").data["id"]

    answer = post(api, f"/api/v1/orders/{order}/refunds/", amount="10")

    assert (answer.status_code, answer.data["errors"][0]["code"]) == (409, "order_unpaid")
    assert api.get(f"/api/v1/orders/{order}/").data["counts"] is False
