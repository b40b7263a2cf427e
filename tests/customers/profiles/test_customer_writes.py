"""Many customers at once: what COPY carries comes out as it went in, and an external id keeps its owner."""

import pytest
from django.db import IntegrityError

from crm.kernel.time import clock
from customers.profiles import customer_writes
from customers.profiles.customer_writes import ExternalRef, NewCustomer
from customers.profiles.models import Customer, ExternalId, TimelineEntry

ODD = ['a "tea" club', "back\\slash", "comma, brace {x}", "tab\tand\nline", "NULL", "", "茶友"]


def save(*pairs: tuple[NewCustomer | Customer, ExternalRef | None]) -> None:
    customer_writes.save_customers(created=pairs, changed=[], linked=[], at=clock.now(), live=True)


@pytest.mark.rule("CU-30")
@pytest.mark.django_db
def test_odd_characters_are_written_as_they_are():
    new = NewCustomer(
        {"display_name": 'O\'Neil \\N "x"\t茶', "notes": "\\.\nsecond line", "tags": ODD, "custom": {"k": ODD}}
    )

    save((new, ("shop", "№ \\ 7")))

    stored = Customer.objects.get(pk=new.pk)
    assert (stored.display_name, stored.notes) == ('O\'Neil \\N "x"\t茶', "\\.\nsecond line")
    assert (stored.tags, stored.custom, stored.preferences, stored.email) == (ODD, {"k": ODD}, [], None)
    assert ExternalId.objects.get(customer=stored).value == "№ \\ 7"


@pytest.mark.django_db
def test_new_customer_is_written_like_a_customer_made_one_by_one():
    fields = {"display_name": "林嘉怡", "email": "jiayi@shop.example", "source": "shop"}
    new, instance = NewCustomer(fields), Customer(**fields)

    save((new, None), (instance, None))

    one, other = Customer.objects.order_by("pk")
    differing = {
        f.attname for f in Customer._meta.concrete_fields if getattr(one, f.attname) != getattr(other, f.attname)
    }
    assert differing == {"id", "public_id"}
    assert one.search_text.split()[0] == "林嘉怡"
    assert list(TimelineEntry.objects.values_list("kind", "data")) == [("customer_created", {"source": "shop"})] * 2


@pytest.mark.django_db
def test_number_that_is_taken_is_refused_as_by_any_other_insert():
    save((NewCustomer({"display_name": "First"}), ("shop", "1")))

    with pytest.raises(IntegrityError, match="external_id_once"):
        save((NewCustomer({"display_name": "Second"}), ("shop", "1")))


@pytest.mark.django_db
def test_changed_customer_is_written_with_version_and_search_and_no_other(make_customer):
    customer, other = make_customer("林嘉怡"), make_customer("Wong")
    at = clock.now()

    changed = customer_writes.load_changed_customers({customer.pk: {"display_name": "吕布", "city": "Hangzhou"}})
    customer_writes.save_customers(created=[], changed=changed, linked=[(customer, ("till", "7"))], at=at, live=True)

    stored = Customer.objects.get(pk=customer.pk)
    assert (stored.display_name, stored.city, stored.version, stored.updated_at) == ("吕布", "Hangzhou", 2, at)
    assert {"吕布", "lvbu", "7"} <= set(stored.search_text.split())
    assert ExternalId.objects.get(source="till").customer_id == customer.pk
    assert Customer.objects.get(pk=other.pk).version == 1
