"""Staff pages: the list and its filters, what a person decides about unknown mail, one mail to one customer, suppression, consent."""

import pytest

from crm.kernel.audit.models import AuditEntry
from customers.messaging.models import Consent, OutboundMessage, Suppression

NOON = "2026-06-10T12:00:00+00:00"


@pytest.fixture
def unknown(at, willing, put):
    at(NOON)
    message = put(willing())
    OutboundMessage.objects.filter(pk=message.pk).update(state="unknown", reason="cut", attempts=1)
    return message


@pytest.mark.rule("CU-43")
def test_person_marks_unknown_mail_as_sent_with_a_reason(unknown, client_as):
    client = client_as("service")

    refused = client.post(f"/messages/{unknown.public_id}/settle/", {"what": "sent", "reason": ""})
    done = client.post(
        f"/messages/{unknown.public_id}/settle/", {"what": "sent", "reason": "She phoned and thanked us"}
    )
    again = client.post(f"/messages/{unknown.public_id}/settle/", {"what": "again", "reason": "x"})

    unknown.refresh_from_db()
    assert (refused.status_code, done.status_code, again.status_code) == (422, 302, 409)
    assert (unknown.state, unknown.reason) == ("accepted", "marked_sent")
    assert unknown.history[-1]["note"] == "She phoned and thanked us"
    assert AuditEntry.objects.filter(action="message.settled").count() == 1


@pytest.mark.rule("CU-43", "CU-42")
def test_mail_sent_again_by_a_person_passes_the_door_anew(unknown, client_as):
    client_as("service").post(f"/messages/{unknown.public_id}/settle/", {"what": "again", "reason": "Not in the log"})

    unknown.refresh_from_db()
    assert (unknown.state, unknown.reason, unknown.attempts, unknown.send_day) == ("deferred", "sent_again", 0, None)


@pytest.mark.rule("CU-42")
def test_waiting_message_is_recalled_and_a_sent_one_is_not(at, willing, put, client_as):
    at(NOON)
    waiting, sent = put(willing()), put(willing())
    OutboundMessage.objects.filter(pk=sent.pk).update(state="accepted")
    client = client_as("marketing")

    for message in (waiting, sent):
        client.post(f"/messages/{message.public_id}/recall/")
        message.refresh_from_db()

    assert (waiting.state, waiting.reason) == ("dropped", "recalled")
    assert sent.state == "accepted"


def test_list_is_narrowed_by_state_and_name(at, willing, put, client_as):
    at(NOON)
    put(willing(display_name="Olivia Hartmann"), subject="For Olivia")
    put(willing(display_name="陈思远"), subject="For Chen", purpose="ticket", topic="service")
    client = client_as("admin")

    by_name = client.get("/messages/?q=思远").content.decode()
    by_purpose = client.get("/messages/?purpose=care").content.decode()

    assert ("For Chen" in by_name, "For Olivia" in by_name) == (True, False)
    assert ("For Chen" in by_purpose, "For Olivia" in by_purpose) == (False, True)
    assert client.get("/messages/?state=nonsense").status_code == 400
    assert client.get("/messages/?cursor=nonsense").status_code == 400


@pytest.mark.rule("CU-42")
def test_one_mail_to_one_customer_goes_through_the_door_once(at, make_customer, client_as):
    at("2026-06-10T23:00:00+00:00")
    customer = make_customer(email="anna@shop.example", time_zone="UTC")
    client = client_as("service")
    mail = {"subject": "Your tea", "text": "It is **here**.", "topic": "service", "once": "abc"}

    first = client.post(f"/customers/{customer.public_id}/mail/", mail)
    client.post(f"/customers/{customer.public_id}/mail/", mail)
    client.post(f"/customers/{customer.public_id}/mail/", {**mail, "text": "It is **there**."})
    client.post(f"/customers/{customer.public_id}/mail/", {**mail, "topic": "promotions", "once": "def"})

    assert first.status_code == 302
    rows = OutboundMessage.objects.order_by("id").values_list("purpose", "state", "reason")
    assert list(rows) == [
        ("transactional", "queued", ""), ("transactional", "queued", ""), ("care", "dropped", "no_consent"),
    ]  # fmt: skip


@pytest.mark.rule("CU-41")
def test_staff_add_an_address_and_cannot_take_it_off(at, willing, put, client_as):
    at(NOON)
    customer = willing(email="anna@shop.example")
    client = client_as("service")

    refused = client.post("/messages/suppressed/add/", {"address": "", "channel": "email", "source": "phone"})
    client.post("/messages/suppressed/add/", {"address": " ANNA@shop.example ", "channel": "email", "source": "phone"})
    client.post(f"/customers/{customer.public_id}/consent/", {"channel": "email", "topic": "care", "given": "1"})

    row = Suppression.objects.get()
    assert refused.status_code == 422
    assert (row.reason, row.source, row.hint) == ("manual", "phone", "a•••(4)@shop.example")
    assert put(customer).reason == "manual"


@pytest.mark.rule("CU-40")
def test_consent_is_noted_by_staff_and_shown_at_once(at, make_customer, client_as):
    at(NOON)
    customer = make_customer(email="anna@shop.example")
    client = client_as("service")

    given = client.post(
        f"/customers/{customer.public_id}/consent/", {"channel": "email", "topic": "care", "given": "1"}
    )
    client.post(f"/customers/{customer.public_id}/consent/", {"channel": "email", "topic": "care", "given": "0"})
    wrong = client.post(f"/customers/{customer.public_id}/consent/", {"channel": "fax", "topic": "care", "given": "1"})

    assert "Withdraw" in given.content.decode()
    assert wrong.status_code == 422
    assert list(Consent.objects.values_list("topic", "state", "source")) == [("care", "withdrawn", "staff")]


@pytest.mark.rule("PL-53")
def test_message_is_shown_in_a_frame_where_nothing_runs(at, willing, put, client_as):
    at(NOON)
    message = put(willing(), text="Hello <script>alert(1)</script> [x](javascript:alert(1))")

    response = client_as("admin").get(f"/messages/{message.public_id}/html/")

    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert b"<script>" not in response.content
    assert b"javascript:" not in response.content.replace(b"[x](javascript:alert(1))", b"")


def test_message_of_another_team_is_missing(at, willing, put, client_as, make_team, make_user):
    at(NOON)
    message = put(willing(team=make_team("South")))
    outsider = make_user("sales", scope="team", team=make_team("North"))

    assert client_as(outsider).get(f"/messages/{message.public_id}/").status_code == 404
