"""Rows written as one document and read by ready SQL are what the framework's own ways give."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction
from django.forms.models import model_to_dict

from crm.kernel.db import sql_rows
from customers.orders.models import Order
from customers.profiles.models import Customer, TimelineEntry
from loyalty.tiers.models import Tier, TierGrant

AT = datetime(2026, 3, 1, 10, 0, 0, 123456, UTC)


def order_of(customer, number, **fields):
    return Order(
        **{
            "customer": customer,
            "source": "shop",
            "number": number,
            "placed_at": AT,
            "currency": "CNY",
            "goods_total": Decimal("10.50"),
            "total": Decimal("10.50"),
            "content_digest": b"\x00\xff",
            "created_at": AT,
            "updated_at": AT,
            **fields,
        }
    )


@pytest.mark.django_db
def test_created_instances_are_stored_as_bulk_create_stores_them(make_customer, django_assert_num_queries):
    customer = make_customer()
    told = {"store": "静安店 “Jing’an” \\ '", "shipping_total": Decimal("0.00005")}

    with django_assert_num_queries(1):
        made = sql_rows.create_instances(order_of(customer, f"ours-{n}", **told) for n in range(3))
    theirs = Order.objects.bulk_create([order_of(customer, "theirs", **told)])[0]

    own = ("id", "number", "public_id")
    stored = [model_to_dict(Order.objects.get(pk=order.pk), exclude=own) for order in (*made, theirs)]
    assert stored == [stored[0]] * 4
    assert [Order.objects.get(pk=order.pk).number for order in made] == ["ours-0", "ours-1", "ours-2"]
    assert not made[0]._state.adding
    assert len({order.public_id for order in made}) == 3


@pytest.mark.django_db
def test_arrays_documents_and_nothing_come_back_as_they_went(make_customer):
    tags, custom = ["送礼", 'a "b", {c}'], {"size": [1, None, "é"], "on": True}

    (made,) = sql_rows.create_instances(
        [Customer(display_name="林", tags=tags, custom=custom, created_at=AT, updated_at=AT)]
    )

    found = Customer.objects.get(pk=made.pk)
    assert (found.tags, found.custom, found.email, found.created_at) == (tags, custom, None, AT)


@pytest.mark.django_db
def test_rows_get_their_ids_in_the_order_given(make_customer):
    customer = make_customer()
    lines = [
        {"customer_id": customer.pk, "kind": f"k{n}", "at": AT, "data": {}, "object_type": "", "object_id": "", "actor_id": None}
        for n in range(sql_rows.ROWS_PER_STATEMENT + 5)
    ]  # fmt: skip

    ids = sql_rows.insert_rows(TimelineEntry, lines)

    kept = dict(TimelineEntry.objects.filter(pk__any=ids).values_list("pk", "kind"))
    assert [kept[pk] for pk in ids] == [line["kind"] for line in lines]
    assert sql_rows.insert_rows(TimelineEntry, []) == []


@pytest.mark.django_db
def test_what_the_column_refuses_is_refused(make_customer):
    customer = make_customer()

    with pytest.raises(DataError), transaction.atomic():
        sql_rows.create_instances([order_of(customer, "x" * 81)])
    with pytest.raises(IntegrityError), transaction.atomic():
        sql_rows.create_instances([order_of(customer, "same"), order_of(customer, "same")])
    with pytest.raises(TypeError, match="object has no plain form"), transaction.atomic():
        sql_rows.create_instances([order_of(customer, "odd", store=object())])

    assert not Order.objects.exists()


@pytest.mark.django_db
def test_loaded_instances_are_those_of_a_query_set(make_customer, django_assert_num_queries):
    customer = make_customer()
    tier = Tier.objects.create(code="gold", rank=7, names={"en": "Gold"}, multiplier=Decimal("1.5"))
    grant = {"reason": "reached", "granted_at": AT, "term_ends_on": date(2027, 2, 28)}
    TierGrant.objects.create(customer=customer, tier=tier, **grant)

    with django_assert_num_queries(1):
        (found,) = sql_rows.load_instances(
            TierGrant, "WHERE t.customer_id = %s AND tier.rank = 7", [customer.pk], related="tier"
        )
        level = found.tier

    expected = TierGrant.objects.select_related("tier").get()
    assert model_to_dict(found) == model_to_dict(expected)
    assert model_to_dict(level) == model_to_dict(expected.tier)
    assert (level.names, level.multiplier, found._state.adding) == ({"en": "Gold"}, Decimal("1.50"), False)
