"""Tickets for other programs."""

import pytest

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from feedback.tickets import services
from feedback.tickets.models import Message, Ticket

URL = "/api/v1/tickets/"


@pytest.fixture
def customer(make_customer):
    return make_customer("林嘉怡", language="zh-hans", external_ids={"shop": "C1"})


@pytest.fixture
def sent():
    return {"customer": "external:shop:C1", "subject": "盖子破损", "body": "盖子裂了", "channel": "chat"}


@pytest.mark.rule("PL-20")
def test_a_program_opens_a_ticket_once(api, customer, sent):
    client = api()
    first = client.post(URL, sent, format="json", headers={"Idempotency-Key": "k1"})
    again = client.post(URL, sent, format="json", headers={"Idempotency-Key": "k1"})

    ticket = Ticket.objects.get()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data["id"] == again.data["id"] == ticket.public_id
    assert (ticket.customer, ticket.channel, ticket.language) == (customer, "chat", "zh-hans")


@pytest.mark.rule("FT-1")
def test_a_request_is_acknowledged_by_mail_at_most_thrice_a_day(api, make_customer, sent):
    make_customer("Olivia", email="o@example.com", language="en", external_ids={"shop": "C1"})

    for _number in range(5):
        api().post(URL, sent, format="json")

    mails = OutboundMessage.objects.filter(template_key="ticket_received")
    assert (Ticket.objects.count(), mails.count()) == (5, 3)
    first = Ticket.objects.order_by("pk").first()
    assert f"Its number is {first.number}." in mails.order_by("pk").first().text


@pytest.mark.rule("S65")
def test_the_customers_word_comes_in_by_another_channel(api, open_ticket, customer, make_user):
    ticket = open_ticket(customer)
    services.solve_ticket(ticket=ticket, by=make_user("service"), at=clock.now())

    answer = api().post(f"{URL}{ticket.public_id}/messages/", {"body": "还没好", "channel": "email"}, format="json")

    ticket.refresh_from_db()
    assert answer.status_code == 201
    assert (answer.data["ticket"], answer.data["channel"], answer.data["author"]) == (
        ticket.public_id,
        "email",
        "customer",
    )
    assert ticket.state == "open"


def test_a_ticket_is_read_with_its_messages(api, open_ticket, customer):
    ticket = open_ticket(customer)

    body = api().get(f"{URL}{ticket.public_id}/").data

    assert (body["number"], body["customer"], body["state"]) == (ticket.number, customer.public_id, "new")
    assert [message["body"] for message in body["messages"]] == ["茶罐的盖子裂了"]


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"customer": "cu_none"}, "customer"),
        ({"customer": "external:shop:none"}, "customer"),
        ({"subject": ""}, "subject"),
        ({"body": "   "}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"channel": "pigeon"}, "channel"),
        ({"priority": 9}, "priority"),
        ({"language": "fr"}, "language"),
        ({"colour": "red"}, "colour"),
        ({"tags": "spam"}, "tags"),
    ],
)
def test_bad_input_names_its_field_and_opens_nothing(api, customer, sent, changed, field):
    answer = api().post(URL, {**sent, **changed}, format="json")

    assert answer.status_code == 400
    assert field in [error["attr"] for error in answer.data["errors"]]
    assert not Ticket.objects.exists()


def test_a_stranger_needs_an_address(api, db):
    assert api().post(URL, {"subject": "x", "body": "y"}, format="json").status_code == 400
    assert (
        api().post(URL, {"subject": "x", "body": "y", "contact_email": "a@example.com"}, format="json").status_code
        == 201
    )


@pytest.mark.parametrize("query", ["state=nowhere", "number=abc", "number=99999999999999999999"])
def test_bad_filters_are_refused(api, db, query):
    assert api().get(f"{URL}?{query}").status_code == 400


def test_filters_narrow_the_list(api, open_ticket, customer, make_customer):
    mine, other = open_ticket(customer), open_ticket(make_customer())

    assert [row["id"] for row in api().get(f"{URL}?customer=external:shop:C1").data["results"]] == [mine.public_id]
    assert [row["id"] for row in api().get(f"{URL}?number={other.number}").data["results"]] == [other.public_id]


def test_reading_does_not_allow_writing(api, customer, sent):
    assert api(["tickets:read"]).post(URL, sent, format="json").status_code == 403
    assert not Message.objects.exists()


@pytest.mark.rule("PL-20")
def test_a_message_id_of_another_ticket_is_a_new_message(api, open_ticket):
    mine, other = open_ticket(), open_ticket()
    sent = {"message_id": "<1@example.com>", "channel": "email"}

    def post(ticket, body):
        return api().post(f"{URL}{ticket.public_id}/messages/", {**sent, "body": body}, format="json")

    first, elsewhere, again, changed = post(mine, "A"), post(other, "B"), post(mine, "A"), post(mine, "Not A")

    assert [answer.status_code for answer in (first, elsewhere, again, changed)] == [201, 201, 200, 409]
    assert (elsewhere.data["body"], elsewhere.data["ticket"]) == ("B", other.public_id)
    assert again.data["id"] == first.data["id"]
    assert changed.data["errors"][0]["code"] == "message_id_taken"
    assert list(mine.messages.order_by("pk").values_list("body", flat=True))[1:] == ["A"]


@pytest.mark.rule("PL-20")
def test_an_idempotency_key_of_another_ticket_is_another_request(api, open_ticket):
    mine, other = open_ticket(), open_ticket()
    program = api()

    def post(ticket, body):
        url = f"{URL}{ticket.public_id}/messages/"
        return program.post(url, {"body": body}, format="json", headers={"Idempotency-Key": "k-1"})

    first, elsewhere, again, changed = post(mine, "A"), post(other, "A"), post(mine, "A"), post(mine, "B")

    assert [answer.status_code for answer in (first, elsewhere, again, changed)] == [201, 201, 201, 409]
    assert (first.data["ticket"], elsewhere.data["ticket"]) == (mine.public_id, other.public_id)
    assert again.data["id"] == first.data["id"]
    assert Message.objects.filter(author="customer", channel="api").count() == 2
