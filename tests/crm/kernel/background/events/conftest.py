"""An event that nobody else declares."""

from dataclasses import dataclass

import pytest

from crm.kernel.background import events


@pytest.fixture
def something_happened():
    @dataclass(frozen=True, kw_only=True)
    class SomethingHappened(events.DomainEvent, name="something_happened"):
        """`ids` are of nothing in particular."""

    yield SomethingHappened
    del events.event_types["something_happened"]
    events.inline_listeners.pop("something_happened", None)
    events.later_listeners.pop("something_happened", None)
