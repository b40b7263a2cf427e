"""Customers as other systems send them: found by external id, never by address; refused whole on a contradiction."""

import pytest

from crm.kernel.time import clock
from customers.profiles import upserts
from customers.profiles.models import Customer, ExternalId
from customers.profiles.upserts import CustomerUpsert

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-1")]


def upsert(*sent: CustomerUpsert) -> list[str]:
    return [outcome for _customer, outcome in upserts.upsert_customers(upserts=sent, at=clock.now())]


def test_customer_is_created_then_unchanged_then_updated():
    sent = CustomerUpsert([("shop", "1")], {"given_name": "Ana", "family_name": "Lin"})

    assert upsert(sent) == ["created"]
    assert upsert(sent) == ["unchanged"]
    assert upsert(CustomerUpsert([("shop", "1"), ("till", "9")])) == ["updated"]
    assert upsert(CustomerUpsert([("till", "9")], {"city": "Hangzhou"})) == ["updated"]
    customer = Customer.objects.get()
    assert (customer.display_name, customer.city, customer.source) == ("Ana Lin", "Hangzhou", "shop")


def test_same_id_twice_in_one_call_is_one_customer_and_same_address_is_two():
    shared = {"email": "family@shop.example"}
    sent = [
        CustomerUpsert([("shop", "1")], shared),
        CustomerUpsert([("shop", "1")]),
        CustomerUpsert([("shop", "2")], shared),
    ]

    assert upsert(*sent) == ["created", "unchanged", "created"]
    assert Customer.objects.count() == 2


def test_ids_of_two_customers_are_refused_whole():
    upsert(CustomerUpsert([("shop", "1")]), CustomerUpsert([("till", "2")]))

    with pytest.raises(upserts.ExternalIdTaken, match="shop:1, till:2"):
        upsert(CustomerUpsert([("shop", "3")]), CustomerUpsert([("shop", "1"), ("till", "2")]))

    assert ExternalId.objects.count() == 2
