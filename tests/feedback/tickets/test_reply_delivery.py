"""A reply whose mail did not go out says so where it was written."""

import pytest

from crm.kernel.time import clock
from customers.messaging import suppression
from customers.messaging.models import OutboundMessage
from feedback.tickets import reply_delivery, services


def note_of(message):
    return reply_delivery.delivery_notes(message.ticket, [message]).get(message.pk)


@pytest.mark.rule("CU-41")
def test_reply_to_a_bounced_address_is_shown_as_not_sent(client_as, open_ticket, make_customer):
    customer = make_customer(email="gone@example.com")
    ticket = open_ticket(customer)
    suppression.suppress_address(
        channel="email", address="gone@example.com", reason="bounced", source="test", at=clock.now()
    )
    client = client_as("manager")

    client.post(f"/tickets/{ticket.public_id}/reply/", {"body": "We have sent a new one."})

    page = client.get(f"/tickets/{ticket.public_id}/").content.decode()
    mail = OutboundMessage.objects.get(source_type="ticket", source_id=ticket.public_id)
    assert mail.state == "dropped"
    assert "Not sent: The address bounced before." in page
    assert "Ask for another address, or lift the suppression if it is wrong" in page
    assert f"/messages/{mail.public_id}/" in page


@pytest.mark.rule("CU-41", "CU-43")
@pytest.mark.parametrize(
    ("state", "reason", "text", "is_final"),
    [
        ("accepted", "", None, None),
        ("queued", "", None, None),
        ("queued", "ours", "Not sent yet: The mail server refuses us", False),
        ("queued", "braked", "Not sent yet: The mail server refused many", False),
        ("failed", "no_mailbox", "Not sent: There is no such mailbox", True),
        ("failed", "refused", "Not sent: The mail server refused this message", True),
        ("failed", "gave_up", "Not sent: All attempts failed.", True),
        ("held", "not_configured", "Not sent: This channel is not configured.", True),
        ("unknown", "cut", "The connection broke before the mail server answered.", True),
    ],
)
def test_note_says_what_became_of_the_mail(make_user, open_ticket, make_customer, state, reason, text, is_final):
    ticket = open_ticket(make_customer(email="anna@example.com"))
    message = services.reply_to_ticket(ticket=ticket, body="Hello", by=make_user("manager"), at=clock.now())
    OutboundMessage.objects.filter(message_id=message.message_id).update(state=state, reason=reason)

    note = note_of(message)

    if text is None:
        assert note is None
        return
    assert note.text.startswith(text)
    assert note.is_final is is_final
    assert note.advice


@pytest.mark.rule("CU-41")
def test_unsent_reply_goes_out_again_once_the_address_is_good(client_as, open_ticket, make_customer, make_user):
    customer, agent = make_customer(email="gone@example.com"), make_user("service")
    ticket = open_ticket(customer)
    row = suppression.suppress_address(
        channel="email", address="gone@example.com", reason="bounced", source="test", at=clock.now()
    )
    message = services.reply_to_ticket(ticket=ticket, body="We have sent a new one.", by=agent, at=clock.now())
    url, client = f"/tickets/{ticket.public_id}/messages/{message.public_id}/resend/", client_as("manager")

    assert client.post(url).status_code == 302
    message.refresh_from_db()
    assert note_of(message).is_final
    suppression.lift_suppression(suppression=row, because="They called", at=clock.now(), by=agent)
    assert client.post(url).status_code == 302

    message.refresh_from_db()
    assert note_of(message) is None
    mails = OutboundMessage.objects.filter(source_id=ticket.public_id).order_by("pk").values_list("state", flat=True)
    assert list(mails) == ["dropped", "dropped", "queued"]
    assert OutboundMessage.objects.get(state="queued").text.startswith("We have sent a new one.")
    assert client.post(url).status_code == 409
    assert OutboundMessage.objects.filter(source_id=ticket.public_id).count() == 3


def test_only_replies_of_the_ticket_are_sent_again(client_as, open_ticket):
    ticket, other = open_ticket(), open_ticket()
    client = client_as("manager")

    foreign, own = (one.messages.get().public_id for one in (other, ticket))

    assert client.post(f"/tickets/{ticket.public_id}/messages/{foreign}/resend/").status_code == 404
    assert client.post(f"/tickets/{ticket.public_id}/messages/{own}/resend/").status_code == 409
    assert not OutboundMessage.objects.exists()
