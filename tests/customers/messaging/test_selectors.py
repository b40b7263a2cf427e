"""What waits in the outbox is shown to whoever runs the place."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PL-52")]


def test_what_is_settled_is_not_shown_and_the_rest_by_state_and_age(put, willing, client_as):
    for state, age in (("queued", 90), ("queued", 30), ("deferred", 300), ("unknown", 7200), ("accepted", 9000)):
        message = put(willing())
        made = clock.now() - timedelta(seconds=age)
        OutboundMessage.objects.filter(pk=message.pk).update(state=state, created_at=made)

    outbox = client_as("admin").get("/statusz").json()["outbox"]

    assert {state: each["messages"] for state, each in outbox.items()} == {"queued": 2, "deferred": 1, "unknown": 1}
    assert [90 <= outbox["queued"]["oldest_seconds"] < 120, 7200 <= outbox["unknown"]["oldest_seconds"] < 7230] == [
        True,
        True,
    ]
