"""Imports: the same file twice, rows with one outcome each, restarts, encodings, foreign layouts."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Count, Sum

from crm.kernel.time import clock
from customers.importing import import_report, services
from customers.importing.models import Import, ImportRow
from customers.orders import summaries
from customers.orders.models import Order, OrderLine, Product
from customers.profiles.models import Customer, TimelineEntry
from tests.shared import SUPERSTORE, needs_superstore

PEOPLE = "customer id,name,email,phone,birthday\nC1,林嘉怡,jiayi@shop.example,138 1234 2217,1991/6/6\nC2,Olivia Hartmann,o@shop.example,,6/7\n"
ORDERS = "order id,order date,customer id,name,sku,quantity,sales\nO1,2026-01-05,C1,林嘉怡,A,2,20\nO1,2026-01-05,C1,林嘉怡,A,2,20\nO2,2026-02-05,C2,Olivia,B,1,9.99\n"


def take(text: str | bytes, kind: str, **fields) -> Import:
    content = text if isinstance(text, bytes) else text.encode()
    return services.create_import(file=ContentFile(content), name="file.csv", kind=kind, at=clock.now(), **fields)


def run(text: str | bytes, kind: str, **fields) -> dict:
    return services.execute_import(batch=take(text, kind, **fields), at=clock.now())


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
@needs_superstore
def test_superstore_comes_in_exactly_and_the_second_time_changes_nothing():
    first = run(SUPERSTORE.read_bytes(), "orders", preset="superstore")
    entries = TimelineEntry.objects.count()

    second = run(SUPERSTORE.read_bytes(), "orders", preset="superstore")

    assert first["customers"] == {"created": 793, "updated": 0, "unchanged": 0}
    assert first["orders"] == {"created": 5009, "updated": 0, "unchanged": 0}
    assert first["lines"]["created"] == OrderLine.objects.count() == 9994
    assert first["rejected"] == second["rejected"] == 0
    assert second["customers"] == {"created": 0, "updated": 0, "unchanged": 793}
    assert second["orders"] == {"created": 0, "updated": 0, "unchanged": 5009}
    assert second["products"] == {"created": 0, "updated": 0, "unchanged": 1862}
    assert Order.objects.aggregate(sales=Sum("goods_total"))["sales"] == Decimal("2297200.8603")
    assert TimelineEntry.objects.count() == entries
    assert summaries.customers_with_wrong_summary() == []


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
    text = PEOPLE + "C3,Bad Mail,not-a-mail,,\nC4,Bad Day,,,2026-02-30\nC5,Good,,,\n"

    outcome = run(text, "customers")

    assert outcome["rows"] == 5
    assert outcome["customers"] == {"created": 3, "updated": 0, "unchanged": 0}
    rejected = import_report.rejected_rows(Import.objects.get())
    assert [(row["line"], row["column"]) for row in rejected] == [(4, "email"), (5, "birthday")]
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == ["Good", "Olivia Hartmann", "林嘉怡"]


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
def test_dry_run_says_what_would_come_and_writes_nothing():
    batch = take(ORDERS, "orders")

    outcome = services.dry_run_import(batch=batch, at=clock.now())

    assert outcome["orders"]["created"] == 2
    assert outcome["lines"]["created"] == 3
    assert (Customer.objects.count(), Order.objects.count(), Product.objects.count()) == (0, 0, 0)
    assert services.execute_import(batch=batch, at=clock.now())["orders"]["created"] == 2


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb18030", "gb18030")]
)
def test_file_is_read_in_its_encoding(encoding, name):
    batch = take(
        ("会员号,姓名,城市\n" + "".join(f"C{n},林嘉怡,上海静安\n" for n in range(30))).encode(encoding), "customers"
    )

    services.execute_import(batch=batch, at=clock.now())

    assert batch.encoding == name
    assert Customer.objects.filter(display_name="林嘉怡", city="上海静安").count() == 30


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_big5_is_taken_when_the_person_says_so():
    batch = take("會員號,姓名\nC1,黃子軒\n".encode("big5"), "customers", encoding="big5")

    services.execute_import(batch=batch, at=clock.now())

    assert Customer.objects.get().display_name == "黃子軒"


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


@pytest.mark.rule("PL-51")
@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused_with_a_reason(content):
    with pytest.raises(services.UnreadableFile):
        take(content, "customers")

    assert not Import.objects.exists()


@pytest.mark.rule("PL-51")
@pytest.mark.django_db
def test_mapping_without_an_order_number_is_refused():
    batch = take(ORDERS, "orders")

    with pytest.raises(services.MissingColumns) as refusal:
        services.map_columns(batch=batch, mapping={"placed_at": "order date"})

    assert ("order_number",) in refusal.value.groups


@pytest.mark.rule("CU-30")
@pytest.mark.rule("PL-50")
@pytest.mark.django_db(transaction=True)
def test_killed_import_goes_on_where_it_stopped(tmp_path):
    lines = "".join(f"O{n},2026-01-05,C{n % 400},Person {n % 400},A,1,{n % 7 + 1}\n" for n in range(6000))
    batch = take("order id,order date,customer id,name,sku,quantity,sales\n" + lines, "orders")
    kills = 0
    while kills < 3 and not Import.objects.filter(pk=batch.pk, state="done").exists():
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(batch.pk)], env=_worker_env())
        _wait_for_rows(batch, kills)
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL, "the worker ended by itself"
        kills += 1

    outcome = services.execute_import(batch=Import.objects.get(pk=batch.pk), at=clock.now())

    assert kills == 3
    assert outcome["orders"] == {"created": 6000, "updated": 0, "unchanged": 0}
    assert outcome["customers"] == {"created": 400, "updated": 0, "unchanged": 0}
    assert OrderLine.objects.count() == 6000
    assert list(ImportRow.objects.values("outcome").annotate(n=Count("*")).values_list("outcome", "n")) == [
        ("created", 6000)
    ]
    assert summaries.customers_with_wrong_summary() == []


WORKER = """
import sys, django
django.setup()
from crm.kernel.time import clock
from customers.importing import services
from customers.importing.models import Import
services.execute_import(batch=Import.objects.get(pk=int(sys.argv[1])), at=clock.now())
"""


def _worker_env() -> dict[str, str]:
    """The environment of a process that works on this test's database."""
    here = connection.settings_dict
    url = f"postgresql://{here['USER']}@/{here['NAME']}?host={here['HOST'] or here['OPTIONS'].get('host', '')}"
    return {**os.environ, "DATABASE_URL": url, "CRM_DEV": "1"}


def _wait_for_rows(batch: Import, kills: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if batch.rows.exclude(outcome=None).count() > kills * 500:
            return
        time.sleep(0.02)


@pytest.mark.rule("CU-31")
@pytest.mark.django_db
def test_what_our_export_neutralised_comes_back_as_it_was():
    run("customer id,name,phone,notes\nC1,'=Tea & Co,'+8613812342217,it's fine\n", "customers")

    customer = Customer.objects.get()
    assert (customer.display_name, customer.phone, customer.notes) == ("=Tea & Co", "+8613812342217", "it's fine")


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
