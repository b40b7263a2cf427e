"""What messaging shows on the customer page."""

import pytest

from crm.kernel.time import clock
from customers.messaging import consent, extensions, suppression


@pytest.mark.rule("CU-5", "CU-40")
def test_consent_panel_tells_allowed_from_refused_by_channel(make_customer, make_user):
    customer = make_customer(email="anna@shop.example")
    consent.give_consent(customer=customer, channel="email", topics=["news"], source="form", at=clock.now())

    panel = extensions.consent_panel(customer, make_user("readonly"))

    (email,) = panel["channels"]
    assert (email["channel"], email["allowed"]) == ("email", ["Service", "News"])
    assert email["refused"] == ["Care", "Promotions", "Surveys"]
    assert panel["may_edit"] is False


@pytest.mark.rule("CU-41")
def test_consent_panel_refuses_everything_at_a_suppressed_address(make_customer, make_user):
    customer = make_customer(email="anna@shop.example")
    suppression.suppress_address(
        channel="email", address=customer.email, reason="manual", source="phone", at=clock.now()
    )

    (email,) = extensions.consent_panel(customer, make_user())["channels"]

    assert email["suppressions"] == ["Added by staff"]
    assert (email["allowed"], len(email["refused"])) == ([], 5)


@pytest.mark.parametrize(
    ("email", "role", "shown"), [("a@b.example", "service", 1), (None, "service", 0), ("a@b.example", "readonly", 0)]
)
def test_mail_button_needs_an_address_and_the_right(make_customer, make_user, email, role, shown):
    panel = extensions.write_mail_panel(make_customer(email=email), make_user(role))

    assert (panel is not None) == bool(shown)
