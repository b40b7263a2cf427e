"""Pages of templates."""

from customers.messaging.models import OutboundMessage


def test_test_mail_goes_to_the_one_who_asks(at, willing, expiring, client_as, make_user):
    at("2026-06-10T12:00:00+00:00")
    marketer, customer = make_user("marketing", email="me@staff.example"), willing()

    client_as(marketer).post(
        "/messages/templates/test-expiring/test/", {"language": "en", "customer": customer.public_id}
    )

    row = OutboundMessage.objects.get()
    assert (row.address, row.purpose, row.state) == ("me@staff.example", "transactional", "queued")
    assert row.subject.startswith("[Test] ")
