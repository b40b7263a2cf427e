"""Contacts, dates and external ids: stored once, found by search, and gone when removed."""

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.profiles import customer_details
from customers.profiles.models import ContactPoint, Customer, ExternalId

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-2")]


def test_contact_is_found_by_search_until_it_is_removed(make_customer, make_user):
    customer, user = make_customer(), make_user()

    point = customer_details.add_contact(
        customer=customer, kind="wechat", value="tea_friend", label="", at=clock.now(), by=user
    )
    assert "tea_friend" in Customer.objects.get().search_text

    customer_details.remove_contact(point=point, at=clock.now(), by=user)
    assert "tea_friend" not in Customer.objects.get().search_text
    assert not ContactPoint.objects.exists()
    assert AuditEntry.objects.filter(action="customer.changed").count() == 2


def test_same_contact_is_refused_and_nothing_is_written(make_customer, make_user):
    customer = make_customer()
    contact = {"customer": customer, "kind": "other", "value": "door 3", "label": "", "by": make_user()}
    customer_details.add_contact(**contact, at=clock.now())

    with pytest.raises(customer_details.DuplicateDetail):
        customer_details.add_contact(**contact, at=clock.now())

    assert ContactPoint.objects.count() == AuditEntry.objects.filter(action="customer.changed").count() == 1


def test_external_id_of_somebody_else_is_refused(make_customer, make_user):
    owner, other, user = make_customer("Ana"), make_customer("Bo"), make_user()
    customer_details.add_external_id(customer=owner, source="shop", value="7", at=clock.now(), by=user)

    with pytest.raises(customer_details.DuplicateDetail):
        customer_details.add_external_id(customer=other, source="shop", value="7", at=clock.now(), by=user)

    assert ExternalId.objects.get().customer == owner


def test_date_of_one_name_is_stored_once(make_customer, make_user):
    customer, user = make_customer(), make_user()
    date = {"name": "Wedding", "month": 5, "day": 20, "calendar": "solar"}
    day = customer_details.add_important_date(customer=customer, at=clock.now(), by=user, **date)

    with pytest.raises(customer_details.DuplicateDetail):
        customer_details.add_important_date(customer=customer, at=clock.now(), by=user, **date)
    customer_details.remove_important_date(day=day, at=clock.now(), by=user)

    assert not customer.important_dates.exists()
