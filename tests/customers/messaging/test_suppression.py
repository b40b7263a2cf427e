"""The suppression list: what it drops, and what still passes."""

import pytest

from crm.kernel.time import clock
from customers.messaging import suppression
from customers.messaging.models import DailySlot

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-41")
def test_suppression_drops_what_waits_but_not_tickets(at, willing, put):
    at(NOON)
    customer = willing(email="Anna@Müller.example")
    care, ticket = put(customer), put(customer, purpose="ticket", topic="service")

    suppression.suppress_address(
        channel="email", address=" anna@xn--mller-kva.example", reason="complained", source="test", at=clock.now()
    )

    care.refresh_from_db()
    ticket.refresh_from_db()
    assert (care.state, care.reason) == ("dropped", "complained")
    assert ticket.state == "queued"
    assert put(customer).reason == "complained"
    assert not DailySlot.objects.exists()


@pytest.mark.rule("CU-41")
def test_bounced_lets_only_forced_security_through(at, willing, put):
    at(NOON)
    customer = willing()
    suppression.suppress_address(
        channel="email", address=customer.email, reason="bounced", source="test", at=clock.now()
    )

    assert [put(customer, purpose=p).state for p in ("care", "survey", "transactional", "ticket", "security")] == [
        "dropped"
    ] * 5
    assert put(customer, purpose="security", forced=True).state == "queued"
