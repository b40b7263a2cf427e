"""The suppression list: what it drops, and what still passes."""

import pytest

from crm.kernel.audit.models import AuditEntry
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


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize("reason", ["bounced", "manual"])
def test_staff_lift_with_a_reason_and_mail_goes_out_again(at, willing, put, make_user, reason):
    at(NOON)
    customer, staff = willing(), make_user()
    row = suppression.suppress_address(
        channel="email", address=customer.email, reason=reason, source="test", at=clock.now()
    )

    suppression.lift_suppression(suppression=row, because="They wrote from it", at=clock.now(), by=staff)

    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_because, row.lifted_source) == (staff, "They wrote from it", "staff")
    assert row.lifted_at is not None
    assert put(customer).state == "queued"
    entry = AuditEntry.objects.get(action="suppression.lifted")
    assert (entry.actor_id, entry.after["why"]) == (staff.pk, "They wrote from it")

    again = suppression.suppress_address(
        channel="email", address=customer.email, reason=reason, source="test", at=clock.now()
    )
    assert again.pk != row.pk
    assert put(customer).reason == reason


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize("reason", ["complained", "unsubscribed_all", "erased"])
def test_staff_do_not_lift_what_the_person_said(at, willing, put, make_user, reason):
    at(NOON)
    customer = willing()
    row = suppression.suppress_address(
        channel="email", address=customer.email, reason=reason, source="test", at=clock.now()
    )

    with pytest.raises(suppression.NotLiftable):
        suppression.lift_suppression(suppression=row, because="We want to", at=clock.now(), by=make_user())

    row.refresh_from_db()
    assert row.lifted_at is None
    assert put(customer).reason == reason
