"""An event comes back from its row as it was announced, also from a row of another release."""

from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, datetime

import pytest

from crm.kernel.background.events import DomainEvent, event_types

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def moved():
    @dataclass(frozen=True, kw_only=True)
    class ThingsMoved(DomainEvent, name="things_moved"):
        """`ids` are of nothing in particular."""

        since: datetime
        places: tuple[str, ...] = ()
        weight: int = 1

    yield ThingsMoved
    del event_types["things_moved"]


def test_what_is_stored_comes_back_as_it_was(moved):
    event = moved(ids=[3, 1], at=AT, live=False, since=AT, places=("shelf", "till"), weight=7)

    payload = event.payload()

    assert payload == {"since": "2026-03-01T08:30:00+00:00", "places": ("shelf", "till"), "weight": 7}
    stored = {**payload, "places": ["shelf", "till"]}  # as JSON gives it back
    assert moved.from_row(12, [3, 1], False, AT, stored) == moved(
        event_id=12, ids=[3, 1], at=AT, live=False, since=AT, places=("shelf", "till"), weight=7
    )


def test_a_row_of_another_release_is_read_with_defaults_and_without_what_is_unknown(moved):
    event = moved.from_row(1, [5], True, AT, {"since": "2026-03-01T08:30:00+00:00", "color": "red"})

    assert event == moved(event_id=1, ids=[5], at=AT, since=AT)


def test_a_listener_cannot_change_what_the_next_one_hears(moved):
    event = moved(ids=[1], at=AT, since=AT)

    with pytest.raises(FrozenInstanceError):
        event.weight = 2


def test_a_name_is_declared_once(moved):
    with pytest.raises(ValueError, match="declared twice"):

        @dataclass(frozen=True, kw_only=True)
        class OthersMoved(DomainEvent, name="things_moved"):
            """Takes the name of another."""
