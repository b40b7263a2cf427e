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
from customers.importing import services
from customers.importing.models import Import, ImportRow
from customers.orders import summaries
from customers.orders.models import Order, OrderLine, Product
from customers.profiles.models import Customer, TimelineEntry
from tests.shared import SUPERSTORE, needs_superstore

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
