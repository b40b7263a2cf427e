"""Consent: what a withdrawal stops, and what an import may not change."""

import pytest

from crm.kernel.time import clock
from customers.messaging import consent
from customers.profiles.models import TimelineEntry

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-40")
def test_withdrawal_stops_what_waits_and_leaves_its_history(at, willing, put):
    at(NOON)
    customer = willing()
    message = put(customer, topic="promotions")

    changed = consent.withdraw_consent(
        customer=customer, channel="email", topics=["promotions"], source="staff", at=clock.now()
    )

    message.refresh_from_db()
    assert changed == 1
    assert (message.state, message.reason) == ("dropped", "no_consent")
    assert put(customer, topic="promotions").state == "dropped"
    assert TimelineEntry.objects.filter(customer=customer, kind="consent_withdrawn").count() == 1


@pytest.mark.rule("CU-30")
def test_import_never_lifts_an_opt_out(at, willing, put):
    at(NOON)
    customer = willing()
    consent.withdraw_consent(customer=customer, channel="email", topics=["care"], source="link", at=clock.now())

    changed = consent.give_consent(customer=customer, channel="email", topics=["care"], source="import", at=clock.now())

    assert changed == 0
    assert put(customer).reason == "no_consent"
