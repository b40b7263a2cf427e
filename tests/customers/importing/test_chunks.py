"""A chunk of rows takes effect: each row has one outcome, and a bad one costs no good one."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from crm.kernel.time import clock
from customers.importing import import_report, services
from customers.importing.models import Import
from customers.orders.models import Order
from customers.profiles.models import Customer

PEOPLE = "customer id,name,email,phone,birthday\nC1,林嘉怡,jiayi@shop.example,138 1234 2217,1991/6/6\nC2,Olivia Hartmann,o@shop.example,,6/7\n"
ORDERS = "order id,order date,customer id,name,sku,quantity,sales\nO1,2026-01-05,C1,林嘉怡,A,2,20\nO1,2026-01-05,C1,林嘉怡,A,2,20\nO2,2026-02-05,C2,Olivia,B,1,9.99\n"


def take(text: str | bytes, kind: str, **fields) -> Import:
    content = text if isinstance(text, bytes) else text.encode()
    return services.create_import(file=ContentFile(content), name="file.csv", kind=kind, at=clock.now(), **fields)


def run(text: str | bytes, kind: str, **fields) -> dict:
    return services.execute_import(batch=take(text, kind, **fields), at=clock.now())


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_changed_rows_change_what_they_name_and_nothing_else():
    run(PEOPLE, "customers")
    Customer.objects.filter(display_name="林嘉怡").update(notes="Likes puer.", tags=["vip"])
    file = "customer id,name,email,city,tags\nC1,林嘉怡,jiayi@shop.example,苏州,tea club\nC1,,,杭州,\nC2,Olivia Hartmann,o@shop.example,,\n"

    outcome = run(file, "customers")

    assert outcome["customers"] == {"created": 0, "updated": 1, "unchanged": 1}
    somebody = Customer.objects.get(display_name="林嘉怡")
    assert (somebody.city, somebody.tags, somebody.notes) == ("杭州", ["vip", "tea club"], "Likes puer.")
    assert (somebody.phone, somebody.birth_year, somebody.version) == ("+8613812342217", 1991, 2)


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_fill_mode_fills_only_what_is_empty():
    run(PEOPLE, "customers")
    batch = take("customer id,name,email,phone,city\nC2,Somebody Else,o@shop.example,13900000002,Bonn\n", "customers")
    services.map_columns(batch=batch, mapping=batch.mapping, mode="fill")

    outcome = services.execute_import(batch=batch, at=clock.now())

    assert outcome["customers"] == {"created": 0, "updated": 1, "unchanged": 0}
    found = Customer.objects.get(email="o@shop.example")
    assert (found.display_name, found.phone, found.city) == ("Olivia Hartmann", "+8613900000002", "Bonn")


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_rows_of_a_file_have_one_outcome_each_and_a_bad_one_costs_no_good_one():
    text = PEOPLE + ",Bad Mail,not-a-mail,,\nC4,Bad Day,,,2026-02-30\nC5,Good,,,\n"

    outcome = run(text, "customers")

    assert outcome["rows"] == 5
    assert outcome["customers"] == {"created": 4, "updated": 0, "unchanged": 0}
    (rejected,) = import_report.rejected_rows(Import.objects.get())
    (warning,) = import_report.import_warnings(Import.objects.get())
    assert (rejected["line"], rejected["column"]) == (4, "email")
    assert warning == {"line": 5, "column": "birthday", "reason": "2026-02-30 is no date"}
    assert sorted(Customer.objects.values_list("display_name", "birth_month")) == [
        ("Bad Day", None),
        ("Good", None),
        ("Olivia Hartmann", 6),
        ("林嘉怡", 6),
    ]


@pytest.mark.rule("CU-2", "CU-30")
@pytest.mark.django_db
def test_two_numbers_with_one_email_stay_two_people_and_the_report_says_so():
    text = "customer id,name,email\nC1,Ann,a@shop.example\nC2,Bob,A@shop.example\n"

    first, again = run(text, "customers"), run(text, "customers")

    assert (first["customers"]["created"], again["customers"]["unchanged"]) == (2, 2)
    batch, repeated = Import.objects.order_by("pk")
    assert import_report.import_warnings(batch) == [
        {"line": 3, "column": "email", "reason": "they share an e-mail with another customer, and stay two people"}
    ]
    assert import_report.import_warnings(repeated) == []


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_rows_without_number_or_address_come_in_once_and_twins_stay_two():
    text = "name,city\nAnn,Bonn\nBob,Ulm\nAnn,Bonn\n"

    first, again = run(text, "customers"), run(text, "customers")

    assert (first["customers"]["created"], again["customers"]["unchanged"], Customer.objects.count()) == (3, 3, 3)
    (note,) = import_report.import_warnings(Import.objects.latest("pk"))
    assert (note["line"], note["reason"][:53]) == (2, "3 rows have no customer number, e-mail or phone: they")


@pytest.mark.rule("CU-2", "CU-30")
@pytest.mark.django_db
def test_phone_of_a_row_whose_name_is_lost_names_nobody_else():
    run(PEOPLE, "customers")

    outcome = run(b"customer id,name,phone\nC9," + b"J\xfcrgen,138 1234 2217\n" + "C8,李雷,\n".encode(), "customers")

    assert outcome["customers"]["created"] == 2
    assert list(
        Customer.objects.filter(phone="+8613812342217").order_by("pk").values_list("display_name", flat=True)
    ) == [
        "林嘉怡",
        "+8613812342217",
    ]


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_amounts_name_the_currency_where_no_column_does():
    text = "order id,order date,customer id,sku,quantity,price\nO1,2026-01-05,C1,A,1,12.50 EUR\nO2,2026-01-05,C1,A,1,12.50\n"

    run(text, "orders")

    assert sorted(Order.objects.values_list("number", "currency")) == [("O1", "EUR"), ("O2", "CNY")]


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_dates_and_numbers_are_read_as_their_whole_column_shows():
    head = "order id;order date;customer id;sku;quantity;price\n"

    run(head + "O1;01.12.2025;C1;A;1;1.234\nO2;13.12.2025;C1;A;1;0,99\n", "orders")

    assert sorted((o.number, str(o.placed_at.date()), o.goods_total) for o in Order.objects.all()) == [
        ("O1", "2025-11-30", Decimal(1234)),
        ("O2", "2025-12-12", Decimal("0.99")),
    ]


@pytest.mark.rule("PL-51")
@pytest.mark.django_db
def test_values_out_of_range_cost_no_good_row():
    columns = "order id,order date,customer id,name,sku,quantity,unit price"
    rows = ["O1,0001-01-01,C1,Ann,A,1,5", "O2,9999-12-31,C1,Ann,A,1,5", "O3,2026-01-05,C1,Ann,A,999999999,99999999999"]

    outcome = run("\n".join([columns, *rows, "O4,2026-01-05,C1,Ann,A,1,5"]), "orders")

    rejected = import_report.rejected_rows(Import.objects.get())
    assert [row["column"] for row in rejected] == ["order date", "order date", "unit price"]
    assert outcome["orders"]["created"] == Order.objects.count() == 1


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_order_of_two_customers_is_rejected_whole_and_merges_nobody():
    text = ORDERS + "O2,2026-02-05,C1,林嘉怡,A,1,5\n"

    outcome = run(text, "orders")

    assert (outcome["orders"]["created"], outcome["rejected"]) == (1, 2)
    reason = "this order number stands for two customers: C2 and C1"
    assert [
        (row["line"], row["column"], row["reason"]) for row in import_report.rejected_rows(Import.objects.get())
    ] == [
        (4, "customer id", reason),
        (5, "customer id", reason),
    ]
    assert list(Order.objects.values_list("number", "customer__display_name")) == [("O1", "林嘉怡")]
    assert list(Customer.objects.values_list("display_name", flat=True)) == ["林嘉怡"]


@pytest.mark.rule("CU-30", "PL-51")
@pytest.mark.django_db
def test_order_whose_lines_are_too_much_together_costs_no_other_order():
    huge = "".join(f"O9,2026-02-05,C1,林嘉怡,A{n},1,99999999999999\n" for n in range(11))

    outcome = run(ORDERS + huge, "orders")

    assert (outcome["orders"]["created"], outcome["rejected"]) == (2, 11)
    assert {(row["column"], row["reason"]) for row in import_report.rejected_rows(Import.objects.get())} == {
        ("sales", "the total is out of range")
    }


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_later_rows_of_a_shopify_order_take_the_head_from_the_first():
    text = (
        "Name,Email,Financial Status,Created at,Currency,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name\n"
        "#1001,a@shop.example,paid,2026-01-05 10:00:00 +0800,CNY,1,Tea,10.00,T1,Ann Lee\n"
        "#1001,a@shop.example,,,,2,Cup,5.00,C1,\n"
    )

    outcome = run(text, "orders", preset="shopify")

    order = Order.objects.get()
    assert outcome["rejected"] == 0
    assert (order.goods_total, order.lines.count(), order.placed_at.isoformat()) == (
        Decimal(20),
        2,
        "2026-01-05T02:00:00+00:00",
    )


@pytest.mark.rule("CU-30", "PL-51")
@pytest.mark.django_db
def test_order_of_more_than_a_day_ahead_is_rejected_by_its_column_and_the_others_come_in(at):
    at("2026-03-05T12:00:00+08:00")
    rows = ["O1,2026-03-06 23:59,C1,Lin,A,1,5", "O2,2026-03-07 00:00,C1,Lin,A,1,5", "O3,2062-03-05,C2,Wu,A,1,5"]
    head = "order id,order date,customer id,name,sku,quantity,sales"

    found = run("\n".join([head, *rows]), "orders")

    assert found["orders"]["created"] == 1
    assert [
        (row["line"], row["column"], row["reason"]) for row in import_report.rejected_rows(Import.objects.get())
    ] == [
        (3, "order date", "lies in the future"),
        (4, "order date", "lies in the future"),
    ]
    assert list(Order.objects.values_list("number", flat=True)) == ["O1"]
