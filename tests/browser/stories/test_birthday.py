"""A birthday: one greeting in the customer's language; one press ends it for good, for this customer alone."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import Suppression
from retention.care import services
from retention.care.models import CareProgram
from tests.browser.stories.conftest import fits, text_of

GREETED = "jiayi@example.com"
OTHER = "olivia@example.com"


@pytest.fixture
def birthdays(shop, make_customer):
    """The programme is on; two customers who agreed have their birthday today."""
    now = clock.now()
    people = [
        make_customer("林嘉怡", email=GREETED, language="zh-hans", birth_month=3, birth_day=10),
        make_customer("Olivia Hartmann", email=OTHER, language="en", birth_month=3, birth_day=10),
    ]
    for person in people:
        consent.give_consent(customer=person, channel="email", topics=["care"], source="form", at=now)
    program = CareProgram.objects.get(key="birthday")
    services.change_holdout(program=program, share=Decimal(0), by=None)
    services.start_program(program=program, at=now, by=None, smallest_effect=Decimal("0.03"))


@pytest.mark.rule("RC-3", "RC-4", "CU-41")
@pytest.mark.usefixtures("birthdays")
def test_birthday_mail_unsubscribe_never_again(shop, at):
    for _ in range(3):
        shop.work("care", "outbox")

    (mail,) = shop.mail_to(GREETED)
    assert "林嘉怡，祝您生日快乐" in mail["Subject"]
    assert "生日" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (address,) = re.findall(r"<(http[^>]+)>", mail["List-Unsubscribe"])
    assert len(shop.mail_to(OTHER)) == 1

    phone = shop.phone("en")  # the customer's language counts, not the device's
    phone.goto(address)
    expect(phone.get_by_role("heading", level=1)).to_have_text("您要退订吗？")
    assert not Suppression.objects.exists()
    assert fits(phone)
    phone.get_by_role("button", name="退订全部").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("您已退订")

    at("2027-03-10T10:00:00+08:00")
    shop.work("care", "outbox")

    assert len(shop.mail_to(GREETED)) == 1
    assert len(shop.mail_to(OTHER)) == 2
