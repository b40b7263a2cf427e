"""The company's policy: what a channel's settings come to."""

from datetime import time

import pytest

from crm.kernel import company
from customers.messaging import policy
from customers.messaging.policy import MessagingSettings

pytestmark = pytest.mark.django_db


@pytest.mark.rule("CU-40")
def test_only_service_is_allowed_before_anybody_said_anything():
    defaults = policy.channel_policy("email").defaults

    assert {topic for topic, allowed in defaults.items() if allowed} == {"service"}
    assert policy.default_consent("sms", "care") is False


@pytest.mark.rule("CU-42")
def test_settings_become_the_policy_of_their_channel():
    saved = {"quiet_from": time(22), "daily_cap": -3, "control_percent": 5, "email_care": True}
    company.change_settings(MessagingSettings, saved, by=None)

    email, sms = policy.channel_policy("email"), policy.channel_policy("sms")

    assert (email.quiet_from, email.quiet_until, email.daily_cap, email.control_rate) == (time(22), time(8), 0, 0.05)
    assert (email.defaults["care"], sms.defaults["care"]) == (True, False)
    assert policy.default_consent("email", "care") is True
