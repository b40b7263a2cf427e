"""Rows about customers: parsed field by field, and applied as the mode of the import allows."""

from zoneinfo import ZoneInfo

import pytest

from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportMode, RowOutcome
from customers.importing.customer_rows import CustomerChanges, parse_customer
from customers.profiles.customer_matching import CustomerIndex, IncomingCustomer
from customers.profiles.customer_writes import NewCustomer

pytestmark = pytest.mark.rule("CU-30")
FORMAT = CellFormat("CNY", ZoneInfo("Asia/Shanghai"))


def test_cells_become_fields_and_blank_ones_say_nothing():
    row = {
        "customer_ref": " C1 ",
        "family_name": "林",
        "given_name": "嘉怡",
        "email": "",
        "phone": "138 1234 2217",
        "country": "中国",
        "tags": "tea; vip",
        "customer_segment": "tea, Home",
    }

    customer = parse_customer(row, "shop", FORMAT)

    assert customer.ref == ("shop", "C1")
    assert customer.fields == {
        "family_name": "林",
        "given_name": "嘉怡",
        "phone": "+8613812342217",
        "country": "CN",
        "tags": ["tea", "vip", "Home"],
        "display_name": "林嘉怡",
    }


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"email": "nobody"}, "email"),
        ({"country": "Atlantis"}, "country"),
        ({"display_name": "x" * 201}, "display_name"),
        ({"city": " "}, "display_name"),
    ],
)
def test_cell_that_cannot_be_parsed_rejects_the_row_by_its_column(row, column):
    with pytest.raises(RejectedCell) as refusal:
        parse_customer(row, "shop", FORMAT)

    assert refusal.value.target == column


def changes(mode: str, *customers: NewCustomer) -> CustomerChanges:
    index = CustomerIndex()
    for customer in customers:
        customer.pk = 1
        index.add_customer(customer)
    return CustomerChanges(index, mode, "shop")


@pytest.mark.parametrize(
    ("mode", "outcome", "city", "tags"),
    [
        (ImportMode.UPSERT, RowOutcome.UPDATED, "Suzhou", ["vip", "tea"]),
        (ImportMode.UPDATE, RowOutcome.UPDATED, "Suzhou", ["vip", "tea"]),
        (ImportMode.FILL, RowOutcome.UPDATED, "Hangzhou", ["vip", "tea"]),
        (ImportMode.CREATE, RowOutcome.UNCHANGED, "Hangzhou", ["vip"]),
    ],
)
def test_mode_decides_what_of_a_known_customer_changes(mode, outcome, city, tags):
    stored = NewCustomer({"email": "ana@shop.example", "city": "Hangzhou", "tags": ["vip"]})
    incoming = IncomingCustomer(None, {"email": "ana@shop.example", "city": "Suzhou", "tags": ["tea"]})

    assert changes(mode, stored).match_or_create(incoming) == (stored, outcome)
    assert (stored.city, stored.tags) == (city, tags)


def test_unknown_customer_is_created_once_and_not_at_all_by_an_update():
    incoming = IncomingCustomer(("shop", "7"), {"email": "ana@shop.example"})
    batch = changes(ImportMode.UPSERT)

    customer, outcome = batch.match_or_create(incoming)
    again = batch.match_or_create(incoming)

    assert (customer.display_name, outcome, again) == (
        "ana@shop.example",
        RowOutcome.CREATED,
        (customer, RowOutcome.UNCHANGED),
    )
    assert batch.created == [(customer, ("shop", "7"))]
    with pytest.raises(RejectedCell):
        changes(ImportMode.UPDATE).match_or_create(incoming)
