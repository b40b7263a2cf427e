"""Customers' own links: those that no longer serve go by night, the others stay."""

from datetime import timedelta

import pytest

from crm.kernel.auth import signed_links
from crm.kernel.background import scheduler
from crm.kernel.time import clock
from customers.messaging.models import PreferenceToken


@pytest.mark.rule("PL-53")
def test_expired_links_go_by_night(make_customer):
    now, customer = clock.now(), make_customer()
    for name, days in (("old", -1), ("good", 1)):
        PreferenceToken.objects.create(
            digest=signed_links.hash_token(name),
            customer=customer,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )

    assert scheduler.scheduled_tasks["forget_tokens"].rhythm == "night"
    assert scheduler.run_scheduled_task("forget_tokens") == 1

    assert bytes(PreferenceToken.objects.get().digest) == signed_links.hash_token("good")
