"""Small statements are planned once a session; what looks up much, and what comes after a failure, is not held to it."""

from datetime import date

import pytest
from django.db import connection, transaction

from crm.kernel.db.array_literals import format_array
from crm.kernel.db.prepared_statements import FEW_KEYS, cursor_for_keys, prepared_cursor

SKUS = "SELECT sku FROM customers_product WHERE sku = ANY(%s)"


def planned() -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        return [row for row in cursor.fetchall() if "customers_product" in row[0]]


def ask(cursor, skus):
    with cursor:
        cursor.execute(SKUS, [skus])
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_a_small_statement_is_planned_once_without_its_parameters():
    connection.close()

    for turn in range(3):
        ask(cursor_for_keys(FEW_KEYS), [f"T-{turn}"])
    ask(cursor_for_keys(FEW_KEYS + 1), ["T-4"])

    assert planned() == [("SELECT sku FROM customers_product WHERE sku = ANY($1)", 3, 0)]


@pytest.mark.django_db(transaction=True)
def test_after_an_undone_transaction_statements_are_planned_anew():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask(prepared_cursor(), ["T-1"])
        raise ZeroDivisionError

    assert ask(prepared_cursor(), ["T-1"]) == []
    assert [each[1:] for each in planned()] == [(1, 0)]


def test_what_was_asked_is_told_as_it_was_written(db, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        ask(prepared_cursor(), ["T-1"])

    assert asked.captured_queries[0]["sql"] == SKUS


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "bigint"), ([1, -2, 3], "bigint"), ([date(2026, 2, 28)], "date"),
        (["", "Etc/GMT+12", "lapse:order-7", None, "bounced:care"], "text"),
    ],
)  # fmt: skip
def test_array_is_read_as_it_was_written(db, values, kind):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [format_array(values)])
        assert cursor.fetchone()[0] == values
