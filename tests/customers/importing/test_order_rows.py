"""A row as a line of an order: what a price, a discount and an amount can be."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from customers.importing import order_rows
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.profiles.customer_matching import IncomingCustomer

READING = CellFormat(currency="CNY", zone=ZoneInfo("Asia/Shanghai"))
HEAD = {"order_number": "O1", "placed_at": "2026-01-05"}


@pytest.mark.rule("CU-30", "PL-51")
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"unit_price": "-5"}, "unit_price"),
        ({"unit_price": "(5.00)"}, "unit_price"),
        ({"unit_price": "5", "line_discount": "-1"}, "line_discount"),
        ({"unit_price": "5", "line_discount": "10.01"}, "line_discount"),
        ({"unit_price": "5", "line_total": "-5"}, "line_total"),
    ],
)
def test_amount_below_zero_is_rejected_with_its_column(cells, column):
    with pytest.raises(RejectedCell) as refusal:
        order_rows.parse_order_line({"sku": "TEA", "quantity": "2", **cells})

    assert refusal.value.target == column


@pytest.mark.rule("CU-30", "PL-51")
def test_shipping_below_zero_is_rejected():
    with pytest.raises(RejectedCell, match="shipping_total"):
        order_rows.parse_order_header({**HEAD, "shipping_total": "-1"}, READING)


@pytest.mark.rule("CU-30")
def test_line_may_be_given_away():
    assert order_rows.parse_order_line({"sku": "TEA", "unit_price": "5", "line_discount": "5"}).net == 0
    assert order_rows.parse_order_line({"sku": "TEA", "line_total": "0"}).net == 0


@pytest.mark.rule("CU-30")
def test_amount_of_the_line_is_net_of_its_discount():
    line = order_rows.parse_order_line({"sku": "TEA", "quantity": "2", "line_total": "9", "line_discount": "12"})

    assert (line.net, line.unit_price) == (Decimal(9), Decimal("4.5"))


def person(ref: str = "", **fields: str) -> IncomingCustomer:
    return IncomingCustomer(("shop", ref) if ref else None, fields)


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize(
    ("persons", "column"),
    [
        ([person("C1"), person("C2")], "customer_ref"),
        ([person("C1", email="a@shop.example"), person("C2", email="a@shop.example")], "customer_ref"),
        ([person(email="a@shop.example"), person(email="b@shop.example")], "email"),
        ([person("C1", phone="+861"), person(phone="+862")], "phone"),
        (
            [
                person(email="a@shop.example"),
                person("C1", email="a@shop.example"),
                person("C2", email="a@shop.example"),
            ],
            "customer_ref",
        ),
    ],
)
def test_rows_of_two_customers_clash_by_their_strongest_sign(persons, column):
    assert order_rows.customer_conflict(persons).target == column
    assert order_rows.customer_conflict(persons[:1]) is None


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize(
    "persons",
    [
        [person("C1", email="a@shop.example"), person("C1", email="b@shop.example")],
        [person(email="Ann@shop.example"), person(email="ann@shop.example")],
        [person("C1", email="a@shop.example"), person(phone="+861")],
    ],
)
def test_rows_that_may_be_of_one_customer_do_not_clash(persons):
    assert order_rows.customer_conflict(persons) is None
