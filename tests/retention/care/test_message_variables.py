"""What the messages say: the ledger's own sum, a coupon that is there, the customer's language."""

import re
from datetime import date

import pytest

from crm.kernel.ops import defaults
from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from loyalty.points import selectors as points
from loyalty.points import services as ledger
from loyalty.rewards.models import Coupon
from retention.care import planner, step_runner
from retention.care.models import Enrollment
from retention.care.triggers.base import TRIGGER_KINDS


def tick():
    """What the minute does."""
    planner.plan_due_programs(clock.now())
    step_runner.run_due_steps(clock.now())


@pytest.fixture
def with_points(at, make_reader):
    """A reader whose 1,200 points end on 30 April 2026 and 50 more a month later."""
    defaults.ensure_defaults()
    at("2025-04-10T10:00:00+08:00")
    reader = make_reader("林嘉怡", language="zh-hans")
    ledger.credit_points(customer=reader, points=1200, system="test", source_id="1", at=clock.now())
    at("2025-05-10T10:00:00+08:00")
    ledger.credit_points(customer=reader, points=50, system="test", source_id="2", at=clock.now())
    return reader


@pytest.mark.rule("S76")
def test_expiring_message_says_the_ledgers_own_sum(at, with_points, turn_on):
    at("2026-04-01T10:00:00+08:00")
    turn_on("points-expiring", days_before=14)
    at("2026-04-15T10:00:00+08:00")
    tick()
    assert not Enrollment.objects.exists()

    at("2026-04-16T10:00:00+08:00")
    tick()
    tick()

    sums = [each.points for each in points.expiring_points(date(2026, 4, 30), [with_points.pk], at=clock.now())]
    message = OutboundMessage.objects.get()
    assert sums == [1200]
    assert Enrollment.objects.get().occasion_key == "expiry:2026-04-30"
    assert message.subject == "1,200 积分将于 2026年4月30日到期"
    assert "1,200 积分" in message.text


@pytest.mark.rule("S76")
def test_nothing_is_said_of_points_that_were_used_meanwhile(at, with_points, turn_on):
    at("2026-04-15T10:00:00+08:00")
    turn_on("points-expiring", days_before=14)
    at("2026-04-16T10:00:00+08:00")
    planner.plan_due_programs(clock.now())
    account = ledger.lock_account(with_points, clock.now())
    ledger.spend_points(account=account, points=1200, system="test", source_id="3", at=clock.now())

    step_runner.run_due_steps(clock.now())

    assert (Enrollment.objects.get().state, Enrollment.objects.get().reason) == ("exited", "nothing_left")
    assert not OutboundMessage.objects.exists()


@pytest.mark.rule("S89")
def test_lapsed_message_shows_the_code_of_a_coupon_made_once(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    reader = make_reader("Olivia", given_name="Olivia", language="en")
    make_order(reader)
    at("2026-04-01T10:00:00+08:00")
    turn_on("lapsed-buyer", coupon_value="15", coupon_days=30)

    tick()
    tick()

    coupon, message = Coupon.objects.get(), OutboundMessage.objects.get()
    assert (coupon.customer, coupon.discount, coupon.value) == (reader, "percent", 15)
    assert message.subject == "Olivia, we have not seen you for a while"
    assert f"{coupon.code}, valid until 1 May 2026" in message.text


@pytest.mark.rule("S89")
def test_without_a_coupon_its_paragraph_is_left_out(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    make_order(make_reader(language="en"))
    at("2026-04-01T10:00:00+08:00")
    turn_on("lapsed-buyer", coupon=False)

    tick()

    assert not Coupon.objects.exists()
    assert "coupon" not in OutboundMessage.objects.get().text


@pytest.mark.rule("RC-6")
def test_who_is_held_out_gets_no_coupon(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    for number in range(20):
        make_order(make_reader(f"Reader {number}"))
    at("2026-04-01T10:00:00+08:00")
    turn_on("lapsed-buyer", holdout="0.5")

    tick()

    treated = set(Enrollment.objects.filter(arm="treated").values_list("customer", flat=True))
    assert Enrollment.objects.filter(arm="held_out").exists()
    assert set(Coupon.objects.values_list("customer", flat=True)) == treated


@pytest.mark.rule("RC-1", "S74")
@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Happy birthday, Mei"), ("zh-hans", "Mei，祝您生日快乐"), ("zh-hant", "Mei，祝您生日快樂")],
)
def test_greeting_is_in_the_customers_language(at, make_reader, turn_on, language, subject):
    at("2026-03-10T10:00:00+08:00")
    make_reader("Mei Lin", given_name="Mei", language=language, birthday=(3, 10))
    turn_on("birthday")

    tick()

    message = OutboundMessage.objects.get()
    assert (message.language, message.subject) == (language, subject)
    assert "{" not in message.text


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_greeting_leads_to_the_page_where_one_can_write(at, client, make_reader, turn_on, settings, language):
    at("2026-03-10T10:00:00+08:00")
    make_reader("Mei Lin", language=language, birthday=(3, 10))
    turn_on("birthday")

    tick()

    link = f"{settings.SITE_URL}/help/"
    assert link in OutboundMessage.objects.get().text
    assert f'href="{link}"' in OutboundMessage.objects.get().html
    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize("texts", [trigger.default_program.texts for trigger in TRIGGER_KINDS.all()])
def test_no_text_asks_for_an_answer_by_mail(texts):
    words = " ".join(text["body"] for text in texts.values())

    assert not re.search(r"answer(ing)? this mail|回[复覆](这封|這封)", words)
