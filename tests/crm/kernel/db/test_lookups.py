"""`__any` finds what `__in` finds, with one parameter."""

import pytest

from customers.profiles.models import Customer


@pytest.mark.django_db
def test_any_finds_the_same_rows_as_in_by_one_array(make_customer):
    ids = [make_customer(f"Person {n}").pk for n in range(3)]
    rows = Customer.objects.filter(pk__any=ids[:2]).order_by("pk")

    sql, params = rows.query.sql_with_params()

    assert [row.pk for row in rows] == ids[:2]
    assert "= ANY(%s)" in sql
    assert params == (ids[:2],)


@pytest.mark.django_db
def test_any_of_nothing_finds_nobody(make_customer):
    make_customer()

    assert list(Customer.objects.filter(pk__any=[])) == []
