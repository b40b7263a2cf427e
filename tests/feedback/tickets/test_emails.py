"""The mails of tickets, own links and reply addresses."""

import pytest

from crm.kernel.time import clock
from customers.messaging.content import template_catalog
from customers.messaging.models import OutboundMessage
from feedback.tickets import emails, services


@pytest.fixture
def customer(make_customer):
    return make_customer("Lin", email="lin@example.com", language="en")


@pytest.mark.parametrize(
    ("contact_email", "recipient"), [("", "lin@example.com"), ("other@example.com", "other@example.com")]
)
def test_address_of_the_request_goes_before_the_customers_own(open_ticket, customer, contact_email, recipient):
    assert emails.reply_recipient(open_ticket(customer, contact_email=contact_email)) == recipient


def test_strangers_and_customers_without_address_get_no_mail(open_ticket, make_customer):
    assert emails.reply_recipient(open_ticket(None, contact_email="anna@example.com")) == ""
    assert emails.reply_recipient(open_ticket(make_customer())) == ""
    assert emails.send_receipt_mail(ticket=open_ticket(make_customer()), at=clock.now()) == ""
    assert not OutboundMessage.objects.exists()


def test_own_link_opens_its_ticket_and_no_other(open_ticket, customer, client):
    ticket, other = open_ticket(customer, subject="Broken lid"), open_ticket(customer, subject="Late parcel")
    path = emails.customer_page_path(ticket)

    page = client.get(path)

    assert "Broken lid" in page.content.decode()
    assert client.get(path.replace(ticket.public_id, other.public_id)).status_code == 404
    assert f"/help/tickets/{ticket.public_id}:" in emails.customer_page_url(ticket)


def test_reply_address_carries_the_key_of_the_ticket(open_ticket):
    ticket = open_ticket()

    assert emails.reply_to_address(ticket) == f"support+{ticket.reply_key}@evergreen.example"


def test_receipt_is_sent_once_per_ticket(open_ticket, customer):
    ticket = open_ticket(customer, subject="Broken lid")

    first = emails.send_receipt_mail(ticket=ticket, at=clock.now())
    emails.send_receipt_mail(ticket=ticket, at=clock.now())

    mail = OutboundMessage.objects.get()
    assert mail.message_id == first
    assert mail.subject == f"[{ticket.number}] We have your request: Broken lid"
    assert f"/help/tickets/{ticket.public_id}:" in mail.text


@pytest.mark.rule("FT-1")
def test_fourth_request_of_a_day_gets_no_receipt(open_ticket, customer):
    receipts = [
        services.acknowledge_ticket(ticket=open_ticket(customer, at=clock.now()), at=clock.now())
        for _number in range(4)
    ]

    assert receipts == [True, True, True, False]


@pytest.mark.parametrize("key", ["ticket_reply", "ticket_received"])
def test_templates_name_number_and_link_in_every_language(key):
    texts = template_catalog.declared_templates[key].texts

    assert set(texts) == {"en", "zh-hans", "zh-hant"}
    for text in texts.values():
        assert "{{ number }}" in text["subject"]
        assert "]({{ link }})" in text["body"]
