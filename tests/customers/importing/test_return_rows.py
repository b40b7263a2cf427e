"""Rows that give goods back: told by their sign or by the order that they name, and read as the goods of a sale."""

import pytest

from customers.importing.return_rows import is_return, order_number_of, unsign_return


@pytest.mark.rule("CU-10", "CU-30")
@pytest.mark.parametrize(
    ("cells", "returned"),
    [
        ({"quantity": "-1"}, True),
        ({"quantity": "−2"}, True),
        ({"line_total": "(40.00)"}, True),
        ({"line_total": "40.00-"}, True),
        ({"unit_price": "¥ -12.50"}, True),
        ({"unit_price": "－12"}, True),
        ({"returned_order": "O1", "quantity": "1"}, True),
        ({"quantity": "1", "line_total": "40"}, False),
        ({"quantity": "1", "line_total": "", "returned_order": " "}, False),
        ({"quantity": "1", "line_discount": "-5"}, False),
        ({"unit_price": "12 (net)"}, False),
    ],
)
def test_return_is_told_from_a_sale(cells, returned):
    assert is_return(cells) is returned


def test_return_is_read_as_a_sale_of_its_goods():
    values = {"sku": "A-1", "quantity": "-2", "unit_price": "10.00", "line_total": "(20.00)"}

    assert unsign_return(values) == {"sku": "A-1", "quantity": "2", "unit_price": "10.00", "line_total": "20.00"}


def test_return_belongs_to_the_order_that_it_names():
    assert order_number_of({"order_number": "C-1", "returned_order": " O1 "}) == "O1"
    assert order_number_of({"order_number": "O1"}) == "O1"
