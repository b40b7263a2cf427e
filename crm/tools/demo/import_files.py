"""Files that came and went: members of a till, orders of a market place, guests that wait for a decision, a list given out."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from crm.kernel.background.jobs import job_runner
from crm.kernel.time import clock
from crm.tools.demo import example_customers, products, regions
from crm.tools.demo.example_customers import EXAMPLE_SOURCE
from crm.tools.demo.example_staff import ExampleStaff
from customers.importing import services
from customers.importing.models import Import
from customers.profiles.models import Customer, ExternalId
from customers.workspace import exporting
from customers.workspace.bulk_actions import CustomerSelection

TILL_COLUMNS = ("会员号", "姓名", "手机", "邮箱", "城市", "备注")
MARKETPLACE_COLUMNS = ("订单号", "下单时间", "邮箱", "姓名", "商品编码", "商品名称", "数量", "单价", "币种", "渠道")
GUEST_COLUMNS = ("Name", "E-mail", "Mobile", "City", "Tags")
CONTACT_COLUMNS = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Create Date")
FileRow = Sequence[object]


def import_and_export_files(*, dice: random.Random, seed: int, staff: ExampleStaff, now: datetime) -> None:
    """Two imports that are done, one that is checked, one that waits for its columns, and an export; as people did them."""
    known = list(Customer.objects.exclude(email=None).exclude(phone=None).order_by("pk")[:400])
    chosen = dice.sample(known, min(60, len(known)))
    admin = staff["admin"]
    with clock.move_clock(now - timedelta(days=34)):
        batch = upload_file("till-members-2026.csv", "customers", TILL_COLUMNS, till_rows(chosen), staff)
        services.map_columns(batch=batch, mapping=batch.mapping, source=EXAMPLE_SOURCE, mode="fill")
        run_import(batch, staff)
    with clock.move_clock(now - timedelta(days=6)):
        batch = upload_file(
            "tmall-orders.csv", "orders", MARKETPLACE_COLUMNS, marketplace_rows(chosen[:24], dice, now), staff
        )
        services.map_columns(batch=batch, mapping=batch.mapping, source="tmall", currency="CNY")
        run_import(batch, staff)
    with clock.move_clock(now - timedelta(hours=20)):
        exporting.start_export(selection=CustomerSelection([], "grade=A", True), user=admin, at=clock.now())
        job_runner.run_waiting_jobs(clock.now())
    batch = upload_file("tea-fair-guests.csv", "customers", GUEST_COLUMNS, guest_rows(seed, now), staff)
    services.dry_run_import(batch=batch, at=clock.now())
    upload_file("hubspot-contacts.csv", "customers", CONTACT_COLUMNS, contact_rows(seed, now), staff)


def upload_file(name: str, kind: str, head: FileRow, rows: Iterable[FileRow], staff: ExampleStaff) -> Import:
    """A file as somebody of the staff uploads it."""
    written = io.StringIO()
    csv.writer(written).writerows([head, *rows])
    file = ContentFile(written.getvalue().encode("utf-8-sig"))
    return services.create_import(file=file, name=name, kind=kind, at=clock.now(), by=staff["admin"])


def run_import(batch: Import, staff: ExampleStaff) -> None:
    """Checked, started, and run as a worker would."""
    services.dry_run_import(batch=batch, at=clock.now())
    services.start_import(batch=batch, by=staff["admin"])
    job_runner.run_waiting_jobs(clock.now())


def till_rows(chosen: list[Customer]) -> list[FileRow]:
    """What a till knows of its members; three mistakes of typing among them: two cost the row, one its cell."""
    refs = dict(ExternalId.objects.filter(customer__in=chosen, source=EXAMPLE_SOURCE).values_list("customer", "value"))
    rows: list[FileRow] = [(refs[c.pk], c.display_name, c.phone, c.email, c.city, "收银台登记") for c in chosen]
    known = chosen[0]
    rows.append((refs[known.pk], known.display_name, "12", known.email, known.city, "收银台登记"))
    return [*rows, ("", "周静", "12", "", "上海", ""), ("", "何磊", "", "he.lei@@mail", "苏州", "")]


def marketplace_rows(buyers: list[Customer], dice: random.Random, now: datetime) -> list[FileRow]:
    """Orders of the last weeks at a market place; one without a date that can be read."""
    rows: list[FileRow] = []
    evening = now.astimezone(regions.HOME_ZONE).replace(hour=21, minute=0)
    for number, buyer in enumerate(buyers, 1):
        article = dice.choice(products.EXAMPLE_PRODUCTS)
        placed = (evening - timedelta(days=dice.randrange(8, 40), hours=dice.randrange(10))).strftime("%Y-%m-%d %H:%M")
        money = (dice.choice((1, 1, 2)), article.price, "CNY", "天猫 Tmall")
        rows.append((f"TM{number:05}", placed, buyer.email, buyer.display_name, article.sku, article.name, *money))
    broken = ("TM00099", "2026-13-40", "lost@mail.example", "", "WY-RG-100", "", 1, 328, "CNY", "天猫 Tmall")
    return [*rows, broken]


def guest_rows(seed: int, now: datetime) -> list[FileRow]:
    """Who left an address at a fair; some of them cannot be read."""
    met = [example_customers.draw_customer(seed, number, now).fields for number in range(910_001, 910_047)]
    rows: list[FileRow] = [(m["display_name"], m["email"], m["phone"], m["city"], "Tea fair") for m in met]
    return [*rows, ("Nadia Costa", "nadia.costa@", "", "Lisbon", "Tea fair"), ("", "", "+86 12", "", "Tea fair")]


def contact_rows(seed: int, now: datetime) -> list[FileRow]:
    """Contacts of another system, as it gives them out."""
    met = [example_customers.draw_customer(seed, number, now).fields for number in range(920_001, 920_031)]
    return [
        (51_000 + place, m.get("given_name", ""), m.get("family_name", m["display_name"]), m["email"], m["phone"], "")
        for place, m in enumerate(met)
    ]
