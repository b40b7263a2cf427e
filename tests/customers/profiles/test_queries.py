"""SQL of customers: lookups of many keys at once lead to survivors and use the indexes."""

import pytest
from django.db import connection

from crm.kernel.time import clock
from customers.profiles import queries
from customers.profiles.models import Customer, TimelineEntry

pytestmark = pytest.mark.django_db


def test_public_and_external_ids_lead_to_the_survivor_of_a_merge(make_customer):
    survivor = make_customer("Ana", external_ids={"shop": "1"})
    merged = make_customer("Anna", external_ids={"shop": "2"})
    Customer.objects.filter(pk=merged.pk).update(merged_into=survivor)

    by_public_id = queries.ids_by_public_id([survivor.public_id, merged.public_id, "cu_nobody"])
    by_external_id = queries.ids_by_external_id([("shop", "1"), ("shop", "2"), ("till", "1")])

    assert by_public_id == {survivor.public_id: survivor.pk, merged.public_id: survivor.pk}
    assert by_external_id == {("shop", "1"): survivor.pk, ("shop", "2"): survivor.pk}


def test_matching_ids_leave_merged_customers_out(make_customer):
    ana = make_customer("Ana", email="Ana@shop.example")
    merged = make_customer("Bo", phone="+8613812342217")
    Customer.objects.filter(pk=merged.pk).update(merged_into=ana)

    ids = queries.matching_customer_ids(sources=[], values=[], emails=["ana@shop.example"], phones=["+8613812342217"])

    assert ids == [ana.pk]


def test_entries_can_be_written_in_the_statement_of_their_cause(make_customer):
    customer = make_customer()
    source = "SELECT id, 'note', %s::timestamptz, '{}'::jsonb, '', '' FROM customers_customer"

    with connection.cursor() as cursor:
        cursor.execute(queries.timeline_insert_sql(source), [clock.now()])

    assert TimelineEntry.objects.get(kind="note").customer == customer
