"""Events heard later: tried, then set aside."""

from datetime import timedelta

import pytest

from crm.kernel.background import events
from crm.kernel.background.events import delivery
from crm.kernel.background.events.models import EventDelivery
from crm.kernel.time import clock


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_later_listener_is_tried_thrice_then_set_aside(something_happened, at):
    heard = []

    @events.register_listener(something_happened, later=True)
    def fail(batch):
        heard.append(batch.ids)
        raise ValueError("still no")

    events.announce_event(something_happened(ids=[7, 8], at=clock.now()))
    for minutes in range(0, 30, 10):
        delivery.deliver_due_events(clock.now() + timedelta(minutes=minutes))

    row = EventDelivery.objects.get()
    assert heard == [[7, 8]] * 3
    assert (row.state, row.attempts) == ("quarantined", 3)
    assert "still no" in row.error
