"""Which customers a file means: by external id, e-mail and phone, through their indexes, in three queries."""

import pytest
from django.db import connection

from customers.profiles import customer_matching
from customers.profiles.customer_matching import AmbiguousCustomer, CustomerIndex, IncomingCustomer
from customers.profiles.customer_writes import NewCustomer
from customers.profiles.models import Customer


@pytest.mark.rule("CU-30")
def test_same_address_under_another_number_of_the_source_is_somebody_else():
    index, first = CustomerIndex(), NewCustomer({"display_name": "First", "email": "a@shop.example"})
    index.add_customer(first, ("shop", "1"))
    twin = {"email": "A@shop.example"}

    assert index.find_match(IncomingCustomer(("shop", "2"), twin)) is None
    assert index.find_match(IncomingCustomer(("till", "2"), twin)) is first
    assert index.find_match(IncomingCustomer(None, twin)) is first


@pytest.mark.django_db
def test_known_customers_are_found_in_three_queries(make_customer, django_assert_num_queries):
    customers = [make_customer(email=f"p{n}@shop.example", phone=f"+861381234{n:04}") for n in range(30)]
    incoming = [IncomingCustomer(("shop", str(n)), {"email": f"P{n}@shop.example"}) for n in range(15)]
    incoming += [IncomingCustomer(None, {"phone": f"+861381234{n:04}"}) for n in range(15, 30)]

    with django_assert_num_queries(3):
        index = customer_matching.load_customer_index(incoming)

    assert [index.find_match(one) for one in incoming] == customers


@pytest.mark.django_db
def test_address_in_any_case_is_found_through_its_index(make_customer):
    customer = make_customer(email="Jiayi.Lin@Shop.example")
    matches = Customer.objects.filter(email__lower="jiayi.lin@shop.example")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = matches.explain()

    assert list(matches) == [customer]
    assert "customer_email" in plan


def test_two_customers_of_one_phone_are_ambiguous_unless_the_source_knows_one_by_another_id():
    index = CustomerIndex()
    first, second = (NewCustomer({"phone": "+8613812342217"}) for _n in range(2))
    index.add_customer(first, ("shop", "1"))
    index.add_customer(second)

    assert index.find_match(IncomingCustomer(("shop", "9"), {"phone": "+8613812342217"})) is second
    with pytest.raises(AmbiguousCustomer):
        index.find_match(IncomingCustomer(None, {"phone": "+8613812342217"}))


@pytest.mark.rule("CU-2", "CU-30")
@pytest.mark.parametrize(
    ("row", "is_meant"),
    [
        ({"display_name": "林 嘉怡"}, False),
        ({"display_name": "林嘉怡"}, True),
        ({"display_name": "林嘉儀"}, False),
        ({}, True),  # an order that names its buyer by nothing else
        ({"display_name": "林嘉怡", "email": "other@shop.example"}, False),
        ({"display_name": "林嘉怡", "email": "JIAYI@shop.example"}, True),
        ({"display_name": "王明", "email": "ming@shop.example"}, False),
    ],
)
def test_phone_never_names_somebody_of_another_name_or_address(row, is_meant):
    index = CustomerIndex()
    mother = NewCustomer({"display_name": "林嘉怡", "email": "jiayi@shop.example", "phone": "+8613812342217"})
    index.add_customer(mother)

    found = index.find_match(IncomingCustomer(None, {"phone": "+8613812342217", **row}))

    assert found is (mother if is_meant else None)


@pytest.mark.rule("CU-2")
def test_of_two_who_share_an_address_the_name_tells_which():
    index = CustomerIndex()
    anna, ben = (NewCustomer({"display_name": name, "email": "home@shop.example"}) for name in ("Anna", "Ben"))
    index.add_customer(anna)
    index.add_customer(ben)

    assert index.find_match(IncomingCustomer(None, {"email": "home@shop.example", "display_name": "BEN"})) is ben
    with pytest.raises(AmbiguousCustomer):
        index.find_match(IncomingCustomer(None, {"email": "home@shop.example", "display_name": "Carla"}))
