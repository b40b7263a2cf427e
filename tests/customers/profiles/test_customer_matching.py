"""Many customers at once: what COPY carries comes out as it went in, and a number keeps its owner."""

import pytest
from django.db import IntegrityError, connection

from crm.kernel.time import clock
from customers.profiles import customer_matching
from customers.profiles.customer_matching import CustomerIndex, IncomingCustomer
from customers.profiles.customer_writes import NewCustomer
from customers.profiles.models import Customer, ExternalId, TimelineEntry

ODD = ['a "tea" club', "back\\slash", "comma, brace {x}", "tab\tand\nline", "NULL", "", "茶友"]


def save(*pairs: tuple[NewCustomer, IncomingCustomer]) -> None:
    customer_matching.save_customers(created=pairs, changed=[], linked=[], at=clock.now(), live=True)


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_odd_characters_are_written_as_they_are():
    draft = NewCustomer(
        {"display_name": 'O\'Neil \\N "x"\t茶', "notes": "\\.\nsecond line", "tags": ODD, "custom": {"k": ODD}}
    )

    save((draft, IncomingCustomer(("shop", "№ \\ 7"))))

    found = Customer.objects.get(pk=draft.pk)
    assert (found.display_name, found.notes) == ('O\'Neil \\N "x"\t茶', "\\.\nsecond line")
    assert (found.tags, found.custom, found.preferences, found.email) == (ODD, {"k": ODD}, [], None)
    assert ExternalId.objects.get(customer=found).value == "№ \\ 7"


@pytest.mark.django_db
def test_draft_is_written_like_a_customer_made_one_by_one():
    fields = {"display_name": "林嘉怡", "email": "jiayi@shop.example", "source": "shop"}
    draft, instance = NewCustomer(fields), Customer(**fields)

    save((draft, IncomingCustomer(None)), (instance, IncomingCustomer(None)))

    one, other = Customer.objects.order_by("pk")
    differing = {
        f.attname for f in Customer._meta.concrete_fields if getattr(one, f.attname) != getattr(other, f.attname)
    }
    assert differing == {"id", "public_id"}
    assert one.search_text.split()[0] == "林嘉怡"
    assert list(TimelineEntry.objects.values_list("kind", "data")) == [("customer_created", {"source": "shop"})] * 2


@pytest.mark.django_db
def test_number_that_is_taken_is_refused_as_by_any_other_insert():
    save((NewCustomer({"display_name": "First"}), IncomingCustomer(("shop", "1"))))

    with pytest.raises(IntegrityError, match="external_id_once"):
        save((NewCustomer({"display_name": "Second"}), IncomingCustomer(("shop", "1"))))


@pytest.mark.rule("CU-30")
def test_same_address_under_another_number_of_the_source_is_somebody_else():
    known, first = CustomerIndex(), NewCustomer({"display_name": "First", "email": "a@shop.example"})
    known.add(first, ("shop", "1"))
    twin = {"email": "A@shop.example"}

    assert known.find(IncomingCustomer(("shop", "2"), twin)) is None
    assert known.find(IncomingCustomer(("till", "2"), twin)) is first
    assert known.find(IncomingCustomer(None, twin)) is first


@pytest.mark.django_db
def test_known_customers_are_found_in_three_queries(make_customer, django_assert_num_queries):
    people = [make_customer(email=f"p{n}@shop.example", phone=f"+861381234{n:04}") for n in range(30)]
    asked = [IncomingCustomer(("shop", str(n)), {"email": f"P{n}@shop.example"}) for n in range(15)]
    asked += [IncomingCustomer(None, {"phone": f"+861381234{n:04}"}) for n in range(15, 30)]

    with django_assert_num_queries(3):
        known = customer_matching.load_customer_index(asked)

    assert [known.find(each) for each in asked] == people


@pytest.mark.django_db
def test_address_in_any_case_is_found_through_its_index(make_customer):
    somebody = make_customer(email="Jiayi.Lin@Shop.example")
    found = Customer.objects.filter(email__lower="jiayi.lin@shop.example")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = found.explain()

    assert list(found) == [somebody]
    assert "customer_email" in plan
