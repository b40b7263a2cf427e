"""A story through HTTP: an unhappy answer on a phone becomes a ticket, an answer, a solve, and a new question."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from crm.kernel.background.events import delivery
from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from feedback.loops import services as loops
from feedback.loops.models import FollowUp
from feedback.surveys import invitations
from feedback.surveys.defaults import ensure_surveys
from feedback.surveys.models import Response, Survey
from feedback.tickets.models import Ticket


def listen():
    delivery.deliver_due_events(clock.now() + timedelta(minutes=1))


def link_in(message, path):
    return re.search(re.escape(settings.SITE_URL) + rf"({path}[^\s)?]+)", message.text)[1]


@pytest.mark.rule("FS-7")
@pytest.mark.rule("FT-11")
def test_from_a_bad_answer_to_a_happy_one(client, client_as, make_user, make_customer, at):
    at("2026-03-02T10:00:00+08:00")
    ensure_surveys()
    agent = make_user("service", name="Ken Lau")
    customer = make_customer("林嘉怡", email="lin@example.com", language="zh-hans", owner=agent)
    consent.give_consent(customer=customer, channel="email", topics=["surveys"], source="staff", at=clock.now())
    desk = client_as(agent)

    # She is asked, and answers on her phone in her language.
    invitations.invite_customers(
        survey=Survey.objects.get(key="nps"), customer_ids=[customer.pk], occasion="2026-03", at=clock.now()
    )
    own = link_in(OutboundMessage.objects.get(), "/s/")
    page = client.get(own).content.decode()
    words = re.search(r'name="(text_\d+)"', page)[1]
    thanks = client.post(own, {"score": "3", words: "包装破损"}).content.decode()
    listen()
    assert "谢谢您说实话" in thanks

    # It is Ken's ticket, with her words and a deadline.
    ticket = Ticket.objects.get()
    shown = desk.get(f"/tickets/{ticket.public_id}/").content.decode()
    assert "包装破损" in shown
    assert "Opened because of a low score: 3 of 10" in shown
    assert "林嘉怡" in desk.get("/follow-ups/").content.decode()

    # He answers; she reads it by the link in the mail and writes back.
    desk.post(f"/tickets/{ticket.public_id}/reply/", {"body": "非常抱歉，我们马上补发。"})
    listen()
    answer = OutboundMessage.objects.get(template_key="ticket_reply")
    mine = link_in(answer, "/help/tickets/")
    assert "非常抱歉，我们马上补发。" in client.get(mine).content.decode()
    client.post(mine, {"body": "收到了，谢谢！"})
    ticket.refresh_from_db()
    assert (ticket.state, FollowUp.objects.get().state) == ("open", "contacted")

    # It is solved; a day later she is asked how that was, and she is content.
    desk.post(f"/tickets/{ticket.public_id}/move/", {"state": "solved"})
    listen()
    assert loops.send_due_asks(at=clock.now()) == 0
    assert loops.send_due_asks(at=clock.now() + timedelta(hours=25)) == 1
    question = OutboundMessage.objects.get(template_key="survey_csat_thumbs")
    client.post(link_in(question, "/s/"), {"score": "1"})
    listen()

    assert Response.objects.get(kind="csat").group == "positive"
    assert FollowUp.objects.get().state == "won_back"
    assert Ticket.objects.count() == 1
