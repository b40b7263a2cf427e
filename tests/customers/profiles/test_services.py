"""What can be done with a customer: created, changed, archived, logged, given tasks; each with its refusal."""

import pytest

from crm.kernel.time import clock
from customers.profiles import services
from customers.profiles.models import Activity, Customer, Task, TimelineEntry

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-1")]


def test_new_customer_is_searchable_and_stands_on_the_timeline():
    customer = services.create_customer(
        at=clock.now(), display_name="吕布", email="", phone="", source="shop", external_ids={"shop": "C7"}
    )

    assert (customer.email, customer.phone) == (None, None)
    assert {"吕布", "lvbu", "c7"} <= set(customer.search_text.split())
    assert TimelineEntry.objects.get().data == {"source": "shop"}


def test_computed_field_cannot_be_set_from_outside():
    with pytest.raises(TypeError, match="search_text"):
        services.create_customer(at=clock.now(), display_name="Ana", search_text="x")

    assert not Customer.objects.exists()


def test_older_copy_is_refused_and_a_change_without_difference_writes_nothing(make_customer, make_user):
    customer = make_customer("Ana")

    same = services.update_customer(customer=customer, at=clock.now(), display_name="Ana", version=1)
    newer = services.update_customer(customer=customer, at=clock.now(), by=make_user(), city="Hangzhou", version=1)
    with pytest.raises(services.EditConflict):
        services.update_customer(customer=customer, at=clock.now(), city="Suzhou", version=1)

    assert (same.version, newer.version, Customer.objects.get().city) == (1, 2, "Hangzhou")


def test_archiving_twice_is_one_entry_and_restoring_brings_back(make_customer, make_user):
    customer, user = make_customer(), make_user()

    services.archive_customer(customer=customer, at=clock.now(), by=user)
    services.archive_customer(customer=customer, at=clock.now(), by=user)
    assert list(Customer.objects.current()) == []
    services.restore_customer(customer=customer, at=clock.now(), by=user)

    assert list(Customer.objects.current()) == [customer]
    kinds = TimelineEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["customer_created", "archived", "restored"]


def test_finished_task_is_not_finished_again(make_customer, make_user):
    user = make_user()
    task = services.create_task(customer=make_customer(), title="Call", at=clock.now(), owner=user)

    services.finish_task(task=task, at=clock.now(), by=user, result="Done.")
    with pytest.raises(services.TaskIsOver):
        services.finish_task(task=task, at=clock.now(), by=user, dropped=True)

    assert (Task.objects.get().state, Task.objects.get().result) == ("done", "Done.")
    assert TimelineEntry.objects.get(kind="task_finished").data == {"title": "Call", "text": "Done."}


def test_behaviour_is_stored_and_told_on_the_timeline(make_customer):
    activity = services.record_activity(
        customer=make_customer(), name="viewed_product", at=clock.now(), data={"sku": "A"}
    )

    assert Activity.objects.get() == activity
    assert TimelineEntry.objects.get(kind="activity").data == {"name": "viewed_product", "sku": "A"}
