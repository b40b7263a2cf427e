"""Who asks without being a customer is told by mail that the request has arrived."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from crm.kernel import company
from crm.kernel.background.events import delivery
from crm.kernel.time import clock
from customers.messaging import suppression
from feedback.tickets import stranger_mails
from feedback.tickets.models import Ticket
from feedback.tickets.settings import TicketSettings

SENT = {"name": "Lin", "email": "lin@example.com", "subject": "Broken lid", "message": "The lid is broken."}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


def deliver_events():
    delivery.deliver_due_events(clock.now() + timedelta(minutes=1))


@pytest.mark.rule("FT-1")
def test_a_stranger_gets_one_receipt_with_number_and_link(client, db):
    client.post("/help/", SENT)
    client.post("/help/", SENT)
    deliver_events()
    deliver_events()

    (receipt,) = mail.outbox
    ticket = Ticket.objects.get()
    assert (receipt.to, receipt.subject) == (["lin@example.com"], f"[{ticket.number}] We have your request: Broken lid")
    assert f"/help/tickets/{ticket.public_id}:" in receipt.body
    assert "Hello Lin," in receipt.body
    assert receipt.extra_headers["Auto-Submitted"] == "auto-replied"
    assert receipt.extra_headers["Message-ID"].startswith(f"<received.{ticket.public_id}@")


@pytest.mark.rule("FT-1")
def test_the_fourth_request_of_a_day_gets_no_receipt(client, db):
    for number, address in enumerate(("lin@example.com", "LIN@example.com", "lin@example.com", "Lin@example.com")):
        client.post("/help/", {**SENT, "email": address, "subject": f"No. {number}"})
    deliver_events()

    assert [receipt.subject.rpartition(" ")[2] for receipt in mail.outbox] == ["0", "1", "2"]


@pytest.mark.rule("FT-1", "CU-41")
def test_a_mailbox_that_does_not_exist_gets_no_receipt(open_ticket):
    ticket = open_ticket(None, contact_email="gone@example.com")
    suppression.suppress_address(
        channel="email", address="gone@example.com", reason="bounced", source="test", at=clock.now()
    )

    assert stranger_mails.send_stranger_receipt(ticket=ticket, at=clock.now()) is False
    assert mail.outbox == []


@pytest.mark.rule("FT-1")
@pytest.mark.parametrize("is_read", [False, True])
def test_a_mail_asks_for_an_answer_only_where_it_is_read(open_ticket, is_read):
    company.change_settings(TicketSettings, {"is_reply_address_read": is_read}, by=None)
    ticket = open_ticket(None, contact_email="lin@example.com", language="en")

    stranger_mails.send_stranger_receipt(ticket=ticket, at=clock.now())

    (receipt,) = mail.outbox
    assert ("Reply-To" in receipt.extra_headers) is is_read
    assert ("mail to this address is not read" in receipt.body) is not is_read


@pytest.mark.rule("FT-1")
def test_customers_and_requests_without_address_are_not_its_business(open_ticket, make_customer):
    customers = open_ticket(make_customer(email="mei@example.com"))
    nameless = open_ticket(None)

    assert not stranger_mails.send_stranger_receipt(ticket=customers, at=clock.now())
    assert not stranger_mails.send_stranger_receipt(ticket=nameless, at=clock.now())
    assert mail.outbox == []
