"""Tickets as the API reads and writes them."""

import pytest
from rest_framework.exceptions import ValidationError

from feedback.tickets.serializers import TicketDetailOut, TicketIn, TicketMessageIn


def test_request_has_sensible_defaults():
    values = TicketIn.validate_record({"subject": "Parcel", "body": "It is late."})

    assert (values["channel"], values["priority"], values["tags"], values["contact_email"]) == ("api", 2, [], "")


@pytest.mark.parametrize(
    ("serializer", "body", "field"),
    [
        (TicketIn, {"subject": "x", "body": "y", "channel": "survey"}, "channel"),
        (TicketIn, {"subject": "x", "body": "y", "language": "fr"}, "language"),
        (TicketIn, {"subject": "x", "body": "y", "tags": ["t"] * 21}, "tags"),
        (TicketIn, {"subject": "x", "body": "y", "state": "solved"}, "state"),
        (TicketMessageIn, {"body": "x" * 20_001}, "body"),
    ],
)
def test_what_cannot_be_is_refused_by_field(serializer, body, field):
    with pytest.raises(ValidationError) as refusal:
        serializer.validate_record(body)

    assert field in refusal.value.detail


def test_ticket_of_a_stranger_has_no_customer(open_ticket):
    body = TicketDetailOut(open_ticket(None, contact_email="anna@example.com", body="Hello")).data

    assert (body["customer"], body["assignee"], body["contact_email"]) == (None, None, "anna@example.com")
    assert [message["body"] for message in body["messages"]] == ["Hello"]
