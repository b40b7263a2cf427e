"""docs/checklists/add-an-event.md, followed: an event that an inline and a later listener hear."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from crm.kernel.background import events
from crm.kernel.background.events import DomainEvent, delivery
from crm.kernel.background.events.models import Event, EventDelivery
from crm.kernel.company.models import Setting
from crm.kernel.time import clock

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def keys_lent():
    """The event as if it stood in the `events.py` of an area; listeners that are registered for it go with it."""

    @dataclass(frozen=True, kw_only=True)
    class KeysLent(DomainEvent, name="keys_lent"):
        """Keys were lent; `ids` are of the keys. The release before knew no `borrower`."""

        door: str
        borrower: str = "nobody"

    yield KeysLent
    del events.event_types["keys_lent"]
    events.inline_listeners.pop("keys_lent", None)
    events.later_listeners.pop("keys_lent", None)


@pytest.fixture
def heard_inline(keys_lent):
    heard = []
    events.register_listener(keys_lent)(heard.append)
    return heard


@pytest.fixture
def heard_later(keys_lent):
    heard = []

    @events.register_listener(keys_lent, later=True)
    def lent_keys_are_noted(event):
        heard.append(event)

    return heard


@pytest.fixture
def lend_keys(db, keys_lent):
    """The service: the change and its event in one transaction."""

    def lend():
        with transaction.atomic():
            Setting.objects.create(group="key 7")
            events.announce_event(keys_lent(ids=[7], at=AT, door="cellar", borrower="Ann"))

    return lend


def test_new_event_is_heard_inline_and_later(lend_keys, heard_inline, heard_later, keys_lent):
    lend_keys()
    before_the_worker = list(heard_later)
    delivered = delivery.deliver_due_events(clock.now())

    event = keys_lent(event_id=Event.objects.get().pk, ids=[7], at=AT, door="cellar", borrower="Ann")
    assert heard_inline == [event]
    assert (before_the_worker, delivered, heard_later) == ([], 1, [event])
    assert EventDelivery.objects.get().listener == f"{__name__}.lent_keys_are_noted"


def test_failure_of_an_inline_listener_undoes_the_change(lend_keys, heard_later, keys_lent):
    @events.register_listener(keys_lent)
    def lent_keys_are_counted(event):
        raise ValueError("no count")

    with pytest.raises(ValueError, match="no count"):
        lend_keys()

    assert not Setting.objects.filter(group="key 7").exists()
    assert not Event.objects.exists()
    assert not EventDelivery.objects.exists()


def test_row_of_an_older_release_is_heard_with_the_default(lend_keys, heard_later):
    lend_keys()
    Event.objects.update(data={"door": "attic", "color": "red"})

    delivery.deliver_due_events(clock.now())

    assert [(event.door, event.borrower) for event in heard_later] == [("attic", "nobody")]
