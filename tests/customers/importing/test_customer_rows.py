"""Rows about customers: parsed field by field, and applied as the mode of the import allows."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportMode, RowOutcome
from customers.importing.customer_rows import CustomerChanges, parse_customer
from customers.importing.optional_cells import OptionalCells
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
        ({"display_name": "Ann", "email": "a@localhost"}, "email"),
        ({"display_name": "Ann", "phone": "000000"}, "phone"),
        ({"display_name": "x" * 201}, "display_name"),
        ({"display_name": "J\ufffd"}, "display_name"),
        ({"customer_ref": "C\u200b1", "display_name": "Ann"}, "customer_ref"),
        ({"city": " "}, "display_name"),
        ({"notes": "Likes puer.", "city": "Bonn"}, "display_name"),
    ],
)
def test_row_that_names_nobody_is_rejected_by_its_column(row, column):
    with pytest.raises(RejectedCell) as refusal:
        parse_customer(row, "shop", FORMAT)

    assert refusal.value.target == column


BAD_CELLS = {
    "email": "not-a-mail",
    "phone": "555-CALL-NOW",
    "birthday": "31 Feb",
    "country": "Atlantis",
    "language": "Klingon",
    "time_zone": "Moon",
    "city": "x" * 101,
    "tags": "x" * 41,
    "notes": "J\ufffd",
}


@pytest.mark.parametrize("column", BAD_CELLS)
def test_bad_cell_costs_itself_where_another_id_stands_in_the_row(column):
    cells = OptionalCells()

    customer = parse_customer(
        {"customer_ref": "C1", "display_name": "Ann", column: BAD_CELLS[column]}, "shop", FORMAT, cells
    )

    assert (customer.ref, customer.fields) == (("shop", "C1"), {"display_name": "Ann"})
    assert [refusal.target for refusal in cells.warnings] == [column]


@pytest.mark.parametrize("column", BAD_CELLS)
def test_bad_cell_costs_the_row_where_the_import_is_strict(column):
    with pytest.raises(RejectedCell) as refusal:
        parse_customer(
            {"customer_ref": "C1", "display_name": "Ann", column: BAD_CELLS[column]},
            "shop",
            replace(FORMAT, strict=True),
        )

    assert refusal.value.target == column


@pytest.mark.rule("CU-2")
@pytest.mark.parametrize(
    ("row", "phone"),
    [
        ({"phone": "06 12 34 56 78", "country": "France"}, "+33612345678"),
        ({"phone": "138 1234 2217", "country": "FR"}, "+8613812342217"),
        ({"phone": "13800138000.0"}, "+8613800138000"),
        ({"phone": "0171 2345678", "country": "Deutschland"}, "+491712345678"),
    ],
)
def test_phone_is_judged_by_the_country_of_its_row_then_by_the_companys(row, phone):
    assert parse_customer(row, "shop", FORMAT).fields["phone"] == phone


def test_language_and_time_zone_are_kept_as_ours():
    row = {"customer_ref": "C1", "language": "zh-HK", "time_zone": "(GMT+08:00) Beijing", "country": "UK"}

    assert parse_customer(row, "shop", FORMAT).fields == {
        "language": "zh-hant",
        "time_zone": "Asia/Shanghai",
        "country": "GB",
    }


def test_row_without_number_or_address_is_known_again_by_its_content():
    row = {"display_name": "Ann", "content_ref": "row 1f"}

    assert parse_customer(row, "shop", FORMAT).ref == ("shop (row)", "row 1f")
    assert parse_customer({**row, "email": "ann@shop.example"}, "shop", FORMAT).ref is None
    assert parse_customer({**row, "customer_ref": "C1"}, "shop", FORMAT).ref == ("shop", "C1")


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
