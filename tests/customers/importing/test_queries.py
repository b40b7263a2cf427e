"""SQL of imports: the lock of a run, and counts that take the best outcome of each customer."""

import pytest
from django.db import connections

from customers.importing import queries
from customers.importing.models import ImportRow

pytestmark = pytest.mark.django_db


def add_row(batch, row_no, **fields):
    return ImportRow.objects.create(batch=batch, row_no=row_no, group=row_no, values=fields.pop("values", {}), **fields)


def test_lock_is_held_by_one_session_and_seen_by_all(batch):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
            assert queries.is_import_locked(batch.pk)
            assert not queries.try_import_lock(batch.pk)
            cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", [queries.IMPORT_LOCK, batch.pk])
    finally:
        other.close()

    assert queries.try_import_lock(batch.pk)
    queries.release_import_lock(batch.pk)
    assert not queries.is_import_locked(batch.pk)


def test_customer_of_several_rows_counts_once_by_the_best_outcome(batch):
    for row_no, outcome in enumerate(("unchanged", "created", "updated"), start=2):
        add_row(batch, row_no, outcome="created", customer_id=1, customer_outcome=outcome)
    add_row(batch, 5, outcome="created", customer_id=2, customer_outcome="unchanged")
    add_row(batch, 6, outcome="rejected", customer_id=3, customer_outcome="created")

    assert queries.count_customers(batch.pk) == {"created": 1, "unchanged": 1}


def test_products_and_currencies_are_those_that_the_rows_name(batch):
    add_row(batch, 2, outcome="created", values={"sku": " A ", "currency": "usd"})
    add_row(batch, 3, outcome="created", values={"sku": "", "product_name": "A", "currency": ""})
    add_row(batch, 4, outcome="rejected", values={"sku": "B", "currency": "EUR"})

    assert queries.count_products(batch.pk) == 1
    assert sorted(queries.file_currencies(batch, "CNY")) == ["CNY", "EUR", "USD"]
