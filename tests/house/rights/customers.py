"""Who may use the routes of customers, orders, messages and imports."""

from itertools import count
from typing import Any

from crm.kernel.auth.models import User
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from crm.kernel.ui.listing.models import SavedView
from tests.house.examples import customers as example
from tests.house.matrix import PRIVATE, SHARED, SIGNED_IN, Row

VIEW, EDIT, CONTACT = "customers.view", "customers.edit", "customers.contact"
CHANGE, TELL = (VIEW, EDIT), (VIEW, EDIT, CONTACT)
# So long that an id stands nowhere else in a page.
_ids = count(1_000_000_001)
PERSON = {"display_name": "Lin Jiayi", "birthday_calendar": "solar"}


def customer_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.customer(owner).public_id}


def contact_of(owner: User) -> dict[str, Any]:
    point = example.customer(owner).contact_points.create(pk=next(_ids), kind="phone", value="+85251234567")
    return {"public_id": point.customer.public_id, "pk": point.pk}


def date_of(owner: User) -> dict[str, Any]:
    day = example.customer(owner).important_dates.create(pk=next(_ids), name="Wedding", month=6, day=6)
    return {"public_id": day.customer.public_id, "pk": day.pk}


def id_of(owner: User) -> dict[str, Any]:
    person = example.customer(owner)
    own = person.external_ids.create(pk=next(_ids), source="pos", value=person.public_id)
    return {"public_id": person.public_id, "pk": own.pk}


def task_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.task(owner).public_id}


def order_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.order(owner).public_id}


def product_of(owner: User) -> dict[str, Any]:
    return {"public_id": example.order(owner).lines.get().product.public_id}


def view_of(owner: User) -> dict[str, Any]:
    view = SavedView.objects.create(
        listing="customers", name="Quiet", query="quiet=60", user=owner, created_at=clock.now()
    )
    return {"public_id": view.public_id}


def bulk_of(owner: User) -> dict[str, Any]:
    job = Job.objects.create(
        kind="customers.bulk", title="Tag", user=owner, state="done", created_at=clock.now(),
        params={"action": "tag", "value": "VIP"}, memory={"undo": []},
    )  # fmt: skip
    return {"public_id": job.public_id}


ROWS: list[Row] = [
    Row("customers:palette", SIGNED_IN),
    Row("customers:today", VIEW),
    Row("customers:customer_list", VIEW),
    Row("customers:customer_filters", VIEW),
    Row("customers:view_save", VIEW),
    Row("customers:view_save", VIEW, "post", data={"name": "Quiet", "query": "quiet=60"}),
    Row("customers:view_remove", VIEW, "post", at=view_of, reach=PRIVATE),
    Row("customers:bulk_tag", CHANGE),
    Row("customers:bulk_tag", CHANGE, "post", data={"word": "VIP", "action": "tag"}),
    Row("customers:bulk_owner", CHANGE),
    Row("customers:bulk_owner", CHANGE, "post", data={"owner": ""}),
    Row("customers:bulk_undo", CHANGE, "post", at=bulk_of, reach=PRIVATE),
    Row("customers:customer_export", (VIEW, "customers.export"), "post", data={}),
    Row("customers:customer", VIEW, at=customer_of),
    Row("customers:customer_timeline", VIEW, at=customer_of),
    Row("customers:customer_profile", VIEW, at=customer_of),
    Row("customers:customer_tasks", VIEW, at=customer_of),
    Row("customers:customer_new", TELL),
    Row("customers:customer_new", TELL, "post", data=PERSON),
    Row("customers:customer_edit", TELL, at=customer_of),
    Row("customers:customer_edit", TELL, "post", at=customer_of, data=PERSON),
    Row("customers:customer_archive", CHANGE, "post", at=customer_of),
    Row("customers:customer_restore", CHANGE, "post", at=customer_of),
    Row("customers:customer_log", CHANGE, "post", at=customer_of, data={"kind": "call", "text": "Asked for tea."}),
    Row("customers:customer_tags", CHANGE, "post", at=customer_of, data={"tags": "VIP"}),
    Row("customers:task_new", CHANGE, at=customer_of),
    Row("customers:task_new", CHANGE, "post", at=customer_of, data={"title": "Call back"}),
    Row("customers:task_finish", VIEW, "post", at=task_of),
    Row("customers:contact_add", TELL, at=customer_of),
    Row("customers:contact_add", TELL, "post", at=customer_of, data={"kind": "wechat", "value": "lin"}),
    Row("customers:contact_remove", TELL, "post", at=contact_of),
    Row("customers:date_add", CHANGE, at=customer_of),
    Row("customers:date_add", CHANGE, "post", at=customer_of, data={}),
    Row("customers:date_remove", CHANGE, "post", at=date_of),
    Row("customers:external_id_add", CHANGE, at=customer_of),
    Row("customers:external_id_add", CHANGE, "post", at=customer_of, data={"source": "pos", "value": "1"}),
    Row("customers:external_id_remove", CHANGE, "post", at=id_of),
    Row("customers:order_list", "orders.view"),
    Row("customers:order", "orders.view", at=order_of),
    Row("customers:order_refund", ("orders.view", "orders.edit"), at=order_of),
    Row(
        "customers:order_refund",
        ("orders.view", "orders.edit"),
        "post",
        at=order_of,
        data={"amount": "1", "source_ref": "a"},
    ),
    Row("customers:order_cancel", ("orders.view", "orders.edit"), "post", at=order_of),
    Row("customers:rate_list", "settings.manage"),
    Row("customers:rate_list", "settings.manage", "post", data={"currency": "USD", "day": "2026-01-01", "rate": "7.1"}),
    Row("customers:product_list", "orders.view"),
    Row("customers:product", "orders.view", at=product_of, reach=SHARED),
]
