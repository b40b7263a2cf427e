"""One change to many customers: only those who change are touched, announced and given back for the undo."""

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.profiles import bulk_changes
from customers.profiles.models import Customer

pytestmark = pytest.mark.django_db


def test_tagging_changes_those_without_the_tag_and_untagging_takes_it_back(make_customer, make_user):
    ana, bo = make_customer("Ana", tags=["vip"]), make_customer("Bo", tags=["tea"])
    user, ids = make_user(), [ana.pk, bo.pk]

    tagged = bulk_changes.tag_customers(ids=ids, tag="vip", at=clock.now(), by=user)
    bo.refresh_from_db()
    assert (tagged, bo.tags, bo.version) == ([bo.pk], ["tea", "vip"], 2)
    assert bulk_changes.tag_customers(ids=ids, tag="vip", at=clock.now(), by=user) == []

    assert bulk_changes.untag_customers(ids=tagged, tag="vip", at=clock.now(), by=user) == [bo.pk]
    assert dict(Customer.objects.values_list("pk", "tags")) == {ana.pk: ["vip"], bo.pk: ["tea"]}
    actions = AuditEntry.objects.filter(action__startswith="customers.").order_by("pk").values_list("action", "count")
    assert list(actions) == [("customers.tagged", 1), ("customers.untagged", 1)]


def test_assigning_gives_back_the_former_owner_of_those_who_changed(make_customer, make_user):
    former, owner = make_user("agent"), make_user("manager")
    ana, bo, cy = make_customer("Ana", owner=former), make_customer("Bo"), make_customer("Cy", owner=owner)

    changed = bulk_changes.assign_owner(ids=[ana.pk, bo.pk, cy.pk], owner_id=owner.pk, at=clock.now(), by=owner)

    assert changed == {ana.pk: former.pk, bo.pk: None}
    assert set(Customer.objects.values_list("owner", flat=True)) == {owner.pk}


def test_chunks_hold_every_id_once(monkeypatch):
    monkeypatch.setattr(bulk_changes, "CHUNK_SIZE", 2)

    assert list(bulk_changes.chunk_ids(range(5))) == [[0, 1], [2, 3], [4]]
