"""A row as a line of an order: what a price, a discount and an amount can be."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from customers.importing import order_rows
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.optional_cells import OptionalCells
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
        order_rows.parse_order_line({"sku": "TEA", "quantity": "2", **cells}, READING)

    assert refusal.value.target == column


@pytest.mark.rule("CU-30", "PL-51")
def test_shipping_below_zero_is_rejected():
    with pytest.raises(RejectedCell, match="shipping_total"):
        order_rows.parse_order_header({**HEAD, "shipping_total": "-1"}, READING)


@pytest.mark.rule("CU-30")
def test_line_may_be_given_away():
    assert order_rows.parse_order_line({"sku": "TEA", "unit_price": "5", "line_discount": "5"}, READING).net == 0
    assert order_rows.parse_order_line({"sku": "TEA", "line_total": "0"}, READING).net == 0


@pytest.mark.rule("CU-30")
def test_amount_of_the_line_is_net_of_its_discount():
    line = order_rows.parse_order_line(
        {"sku": "TEA", "quantity": "2", "line_total": "9", "line_discount": "12"}, READING
    )

    assert (line.net, line.unit_price) == (Decimal(9), Decimal("4.5"))


@pytest.mark.rule("CU-30")
def test_amount_in_another_currency_than_its_row_is_rejected():
    row = {"sku": "TEA", "unit_price": "12.50 EUR"}

    assert order_rows.parse_order_line({**row, "currency": "eur"}, READING).net == Decimal("12.50")
    with pytest.raises(RejectedCell, match="unit_price: is in EUR, and the row in CNY"):
        order_rows.parse_order_line({**row, "currency": "CNY"}, READING)


@pytest.mark.rule("CU-30")
def test_bad_words_of_an_order_cost_themselves_and_bad_amounts_the_row():
    cells = OptionalCells()

    line = order_rows.parse_order_line(
        {"sku": "TEA", "product_name": "T\ufffd", "category": "x" * 121, "unit_price": "5"}, READING, cells
    )
    header = order_rows.parse_order_header({**HEAD, "channel": "x" * 41}, READING, cells)

    assert (line.name, line.category, header.fields["channel"]) == ("", "", "")
    assert [refusal.target for refusal in cells.warnings] == ["product_name", "category", "channel"]
    with pytest.raises(RejectedCell, match=r"unit_price: 2 x 9\.99 is no number"):
        order_rows.parse_order_line({"sku": "TEA", "unit_price": "2 x 9.99"}, READING, cells)


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
