"""A survey on a phone in 简体: a bad answer is a ticket, somebody answers it, and asks again when it is solved."""

import pytest
from playwright.sync_api import expect

from crm.kernel.time import clock
from customers.messaging import consent
from feedback.surveys import invitations
from feedback.surveys.models import Response, Survey
from feedback.tickets.models import Ticket
from tests.browser.stories.conftest import fits, link_in, text_of

ADDRESS = "jiayi@example.com"
COMMENT = "茶罐的盖子破了，等了两周也没人理我。"
REPLY = "林女士，非常抱歉！新的茶罐今天寄出。"


@pytest.fixture
def customer(shop, make_customer):
    found = make_customer("林嘉怡", email=ADDRESS, language="zh-hans", time_zone="Asia/Shanghai")
    consent.give_consent(customer=found, channel="email", topics=["surveys"], source="form", at=clock.now())
    return found


@pytest.mark.rule("FS-3", "FS-7")
def test_detractor_on_a_phone_ticket_reply_question_after_solving(shop, customer, make_user, at):
    survey = Survey.objects.get(key="nps")
    invitations.invite_customers(survey=survey, customer_ids=[customer.pk], occasion="story", at=clock.now())
    shop.work("outbox")
    (invitation,) = shop.mail_to(ADDRESS)
    link = link_in(invitation, "/s/")

    phone = shop.phone("zh-hans")
    phone.goto(link)
    expect(phone.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("推荐给朋友或家人")
    assert fits(phone)
    phone.locator(".eg-nps label", has=phone.get_by_role("radio", name="3", exact=True)).tap()
    phone.get_by_label("哪里让您失望了？").fill(COMMENT)
    phone.get_by_role("button", name="提交").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("谢谢您说实话")
    assert [(each.score, each.comment) for each in Response.objects.all()] == [(3, COMMENT)]
    shop.work()

    desk = shop.desk(make_user("service", scope="all"))
    desk.goto(f"{shop.url}/tickets/?view=unassigned")
    desk.locator("[data-ticket]").click()
    expect(desk.locator(".eg-messages")).to_contain_text(COMMENT)
    desk.get_by_label("Public reply").last.fill(REPLY)
    desk.get_by_role("button", name="Send and solve").click()
    expect(desk.get_by_text("Sent and solved")).to_be_visible()
    assert Ticket.objects.get().state == "solved"
    shop.work()
    shop.work("outbox")
    assert REPLY in text_of(shop.mail_to(ADDRESS)[1])

    at("2026-03-11T09:00:00+08:00")  # not yet: a day has 24 hours
    shop.work()
    assert len(shop.mail_to(ADDRESS)) == 2
    at("2026-03-11T11:00:00+08:00")
    shop.work()
    shop.work("outbox")
    asked = shop.mail_to(ADDRESS)[2]

    phone = shop.phone("zh-hans")
    phone.goto(link_in(asked, "/s/"))
    expect(phone.locator(".eg-stars, .eg-thumbs")).to_be_visible()
    assert fits(phone)
