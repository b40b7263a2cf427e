"""The timeline on the customer page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.kernel.time import clock
from customers.profiles import services, timeline
from customers.profiles.models import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-5")]


def url(customer: Customer, name: str = "customer") -> str:
    return reverse(f"customers:{name}", args=[customer.public_id])


@pytest.mark.rule("CU-5", "CU-6")
def test_timeline_is_endless_filtered_and_complete(make_customer, make_order, client_as, make_user):
    customer, me = make_customer("Lin"), make_user("sales")
    start = clock.now() - timedelta(days=100)
    for number in range(60):
        services.log_interaction(
            customer=customer, kind="note", text=f"N{number}", at=start + timedelta(hours=number), by=me
        )
    make_order(customer, "10")
    client, quotes, cursor = client_as(me), list[str](), ""
    while cursor is not None:
        part = client.get(f"{url(customer, 'customer_timeline')}?kind=notes&cursor={cursor}").content.decode()
        quotes += re.findall(r'<div class="eg-quote">(.*?)</div>', part)
        cursor = next(iter(re.findall(r"cursor=([\w-]+)", part)), None)

    assert quotes == [f"N{number}" for number in reversed(range(60))]
    groups = client.get(url(customer)).context["groups"]
    assert {group.key: group.count for group in groups}["notes"] == 61
    assert {group.key: group.count for group in groups}["orders"] == 1
    assert client.get(f"{url(customer, 'customer_timeline')}?cursor=zz").status_code == 400


def test_timeline_reads_what_was_written_on_merged_records(make_customer, client_as, make_user):
    survivor, merged, me = make_customer("Lin"), make_customer("Lin again"), make_user("sales")
    services.log_interaction(customer=merged, kind="note", text="Before the merge", at=clock.now(), by=me)
    Customer.objects.filter(pk=merged.pk).update(merged_into=survivor)

    quotes = [entry.quoted_text for entry in client_as(me).get(url(survivor)).context["entries"]]

    assert "Before the merge" in quotes
    assert client_as(me).get(url(merged)).status_code == 404


def test_entry_is_told_in_the_readers_language(make_customer, make_order, client_as):
    customer = make_customer("Lin")
    make_order(customer, "100", number="SL-1")

    chinese = client_as("sales", language="zh-hans").get(url(customer)).context["entries"]

    assert "订单 SL-1" in chinese[0].sentence


def test_every_kind_belongs_to_a_group_that_can_be_filtered_by():
    assert {look.group for look in timeline.timeline_kinds.values()} <= set(timeline.timeline_groups)
