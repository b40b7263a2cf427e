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
from crm.tools.demo.example_customers import SOURCE
from crm.tools.demo.example_staff import Staff
from customers.importing import services
from customers.importing.models import Import
from customers.profiles.models import Customer, ExternalId
from customers.workspace import exporting
from customers.workspace.bulk_actions import Selection

TILL = ("会员号", "姓名", "手机", "邮箱", "城市", "备注")
MARKET = ("订单号", "下单时间", "邮箱", "姓名", "商品编码", "商品名称", "数量", "单价", "币种", "渠道")
GUESTS = ("Name", "E-mail", "Mobile", "City", "Tags")
CONTACTS = ("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Create Date")
Row = Sequence[object]


def pass_through(*, dice: random.Random, seed: int, staff: Staff, now: datetime) -> None:
    """Two imports that are done, one that is checked, one that waits for its columns, and an export; as people did them."""
    known = list(Customer.objects.exclude(email=None).exclude(phone=None).order_by("pk")[:400])
    chosen = dice.sample(known, min(60, len(known)))
    admin = staff["admin"]
    with clock.moved_to(now - timedelta(days=34)):
        batch = take("till-members-2026.csv", "customers", TILL, till(chosen), staff)
        services.map_columns(batch=batch, mapping=batch.mapping, source=SOURCE, mode="fill")
        bring_in(batch, staff)
    with clock.moved_to(now - timedelta(days=6)):
        batch = take("tmall-orders.csv", "orders", MARKET, market(chosen[:24], dice, now), staff)
        services.map_columns(batch=batch, mapping=batch.mapping, source="tmall", currency="CNY")
        bring_in(batch, staff)
    with clock.moved_to(now - timedelta(hours=20)):
        exporting.begin(selection=Selection([], "grade=A", True), user=admin, at=clock.now())
        job_runner.run_waiting(clock.now())
    batch = take("tea-fair-guests.csv", "customers", GUESTS, guests(seed, now), staff)
    services.check(batch=batch, at=clock.now())
    take("hubspot-contacts.csv", "customers", CONTACTS, contacts(seed, now), staff)


def take(name: str, kind: str, head: Row, rows: Iterable[Row], staff: Staff) -> Import:
    """A file as somebody of the staff uploads it."""
    written = io.StringIO()
    csv.writer(written).writerows([head, *rows])
    file = ContentFile(written.getvalue().encode("utf-8-sig"))
    return services.take_file(file=file, name=name, kind=kind, at=clock.now(), by=staff["admin"])


def bring_in(batch: Import, staff: Staff) -> None:
    """Checked, started, and run as a worker would."""
    services.check(batch=batch, at=clock.now())
    services.start(batch=batch, by=staff["admin"])
    job_runner.run_waiting(clock.now())


def till(chosen: list[Customer]) -> list[Row]:
    """What a till knows of its members; two mistakes of typing among them."""
    refs = dict(ExternalId.objects.filter(customer__in=chosen, source=SOURCE).values_list("customer", "value"))
    rows: list[Row] = [(refs[c.pk], c.display_name, c.phone, c.email, c.city, "收银台登记") for c in chosen]
    return [*rows, ("SL900001", "周静", "12", "", "上海", ""), ("SL900002", "何磊", "", "he.lei@@mail", "苏州", "")]


def market(buyers: list[Customer], dice: random.Random, now: datetime) -> list[Row]:
    """Orders of the last weeks at a market place; one without a date that can be read."""
    rows: list[Row] = []
    evening = now.astimezone(regions.HOME).replace(hour=21, minute=0)
    for number, buyer in enumerate(buyers, 1):
        article = dice.choice(products.ARTICLES)
        placed = (evening - timedelta(days=dice.randrange(8, 40), hours=dice.randrange(10))).strftime("%Y-%m-%d %H:%M")
        money = (dice.choice((1, 1, 2)), article.price, "CNY", "天猫 Tmall")
        rows.append((f"TM{number:05}", placed, buyer.email, buyer.display_name, article.sku, article.name, *money))
    broken = ("TM00099", "2026-13-40", "lost@mail.example", "", "WY-RG-100", "", 1, 328, "CNY", "天猫 Tmall")
    return [*rows, broken]


def guests(seed: int, now: datetime) -> list[Row]:
    """Who left an address at a fair; some of them cannot be read."""
    met = [example_customers.somebody(seed, number, now).fields for number in range(910_001, 910_047)]
    rows: list[Row] = [(m["display_name"], m["email"], m["phone"], m["city"], "Tea fair") for m in met]
    return [*rows, ("Nadia Costa", "nadia.costa@", "", "Lisbon", "Tea fair"), ("", "", "+86 12", "", "Tea fair")]


def contacts(seed: int, now: datetime) -> list[Row]:
    """Contacts of another system, as it gives them out."""
    met = [example_customers.somebody(seed, number, now).fields for number in range(920_001, 920_031)]
    return [
        (51_000 + place, m.get("given_name", ""), m.get("family_name", m["display_name"]), m["email"], m["phone"], "")
        for place, m in enumerate(met)
    ]
