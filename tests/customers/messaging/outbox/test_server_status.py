"""The mail server's pauses."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript
from customers.messaging.models import Relay
from tests.customers.messaging.rows import fresh

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-43")
def test_unreachable_server_costs_no_attempt(at, willing, put, send, settings):
    at(NOON)
    message = put(willing())
    send(SinkScript(greeting="554 go away"))

    assert (fresh(message).state, message.attempts) == ("queued", 0)
    assert Relay.objects.get().last_error.startswith("554")
    assert send().taken == []

    at(clock.now() + timedelta(seconds=6))
    assert len(send().taken) == 1
