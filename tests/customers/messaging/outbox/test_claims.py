"""Claims: what becomes of those whose lease is over."""

import pytest
from django.db import connection

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox.claims import claim_messages, recover_expired_claims
from tests.customers.messaging.rows import fresh

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-43")
def test_lease_over_is_retried_before_data_and_unknown_after(at, willing, put):
    at(NOON)
    claimed, begun, ticket = put(willing()), put(willing()), put(willing(), purpose="ticket", topic="service")
    claim_messages(clock.now(), 10)
    OutboundMessage.objects.filter(pk__in=[begun.pk, ticket.pk]).update(state="data_started")

    assert recover_expired_claims(clock.now()) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_outboundmessage SET lease_until = clock_timestamp() - interval '1 second'")
    assert recover_expired_claims(clock.now()) == 3

    assert [(fresh(m).state, m.reason) for m in (claimed, begun, ticket)] == [
        ("queued", "lease_over"),
        ("unknown", "cut"),
        ("queued", "cut"),
    ]
