"""What a customer's further word does, and when a repeated one is another."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.kernel.ui import notifications
from feedback.tickets import receiving, selectors, services
from feedback.tickets.models import Message, Ticket


def receive(ticket, body="还没收到", channel="api", **more):
    return receiving.receive_message(ticket=ticket, body=body, channel=channel, at=clock.now(), **more)


@pytest.mark.rule("PL-20")
def test_a_message_id_belongs_to_its_ticket_and_channel(open_ticket):
    mine, other = open_ticket(), open_ticket()

    first = receive(mine, "Mine", message_id="m-1")
    elsewhere = receive(other, "Theirs", message_id="m-1")
    by_chat = receive(mine, "By chat", channel="chat", message_id="m-1")
    again = receive(mine, " Mine\r\n", message_id="m-1")

    assert (elsewhere.ticket, elsewhere.body, elsewhere.is_new) == (other, "Theirs", True)
    assert (by_chat.body, by_chat.is_new) == ("By chat", True)
    assert (again.pk, again.is_new) == (first.pk, False)
    with pytest.raises(receiving.MessageIdTaken):
        receive(mine, "Other words", message_id="m-1")
    assert [message.body for message in mine.messages.order_by("pk")] == ["茶罐的盖子裂了", "Mine", "By chat"]


@pytest.fixture
def closed_ticket(open_ticket, make_customer, make_user):
    ticket = open_ticket(make_customer(email="lin@example.com"))
    services.solve_ticket(ticket=ticket, by=make_user("service"), at=clock.now() - timedelta(days=20))
    services.close_solved_tickets(at=clock.now())
    return ticket


@pytest.mark.rule("FT-3")
def test_everything_said_to_a_closed_ticket_goes_on_in_one_follow_up(closed_ticket):
    messages = [receive(closed_ticket, f"Word {number}", message_id=f"m-{number}") for number in range(4)]
    again = receive(closed_ticket, "Word 2", message_id="m-2")

    follow_up = Ticket.objects.exclude(pk=closed_ticket.pk).get()
    assert {message.ticket_id for message in messages} == {follow_up.pk}
    assert [message.body for message in follow_up.messages.order_by("pk")] == [f"Word {number}" for number in range(4)]
    assert (again.pk, again.is_new) == (messages[2].pk, False)
    assert (follow_up.customer, follow_up.subject) == (closed_ticket.customer, closed_ticket.subject)
    assert follow_up.events.get(change="opened").data == {"after_ticket": closed_ticket.number}


@pytest.mark.rule("FT-3")
def test_a_follow_up_that_is_solved_opens_again_and_a_closed_one_has_its_own(closed_ticket, make_user):
    follow_up = receive(closed_ticket, "Again").ticket
    agent = make_user("service")

    services.solve_ticket(ticket=follow_up, by=agent, at=clock.now() - timedelta(days=20))
    assert receive(closed_ticket, "Not yet").ticket == follow_up
    follow_up.refresh_from_db()
    assert follow_up.state == "open"

    services.solve_ticket(ticket=follow_up, by=agent, at=clock.now() - timedelta(days=20))
    services.close_solved_tickets(at=clock.now())
    third = receive(closed_ticket, "Once more").ticket

    assert third not in (closed_ticket, follow_up)
    assert receive(closed_ticket, "And more").ticket == receive(follow_up, "And more still").ticket == third
    assert Message.objects.filter(ticket=third).count() == 3


@pytest.mark.rule("FT-1")
def test_the_assignee_hears_of_a_new_word_until_it_is_seen(open_ticket, make_user, client_as):
    lin, other = make_user("service"), make_user("service")
    ticket = open_ticket(None, contact_name="Mei", assignee=lin)
    services.reply_to_ticket(ticket=ticket, body="We look.", by=lin, at=clock.now())

    receive(ticket, "Any news?")
    receive(ticket, "Hello?")

    (notice,) = notifications.latest_notifications(lin, 5)
    assert (notice.text, notice.url) == (
        f"Mei wrote: {ticket.number} {ticket.subject}",
        f"/tickets/{ticket.public_id}/",
    )
    assert notifications.count_unread(other) == 0
    assert selectors.view_counts(lin)["unread"] == 1

    client_as(other).get(f"/tickets/{ticket.public_id}/")
    assert list(selectors.tickets_in_view("unread", lin)) == [ticket]
    client_as(lin).get(f"/tickets/{ticket.public_id}/")
    assert selectors.view_counts(lin)["unread"] == 0

    receive(ticket, "Hello again?")
    assert notifications.count_unread(lin) == 2
    services.reply_to_ticket(ticket=ticket, body="Here.", by=other, at=clock.now())
    assert selectors.view_counts(lin)["unread"] == 0


@pytest.mark.rule("FT-1")
def test_the_assignee_hears_of_the_follow_up_of_a_closed_ticket(open_ticket, make_user):
    lin = make_user("service")
    ticket = open_ticket(None, contact_name="Mei", assignee=lin)
    services.solve_ticket(ticket=ticket, by=lin, at=clock.now() - timedelta(days=20))
    services.close_solved_tickets(at=clock.now())

    follow_up = receive(ticket, "It broke again").ticket

    (notice,) = notifications.latest_notifications(lin, 5)
    assert str(follow_up.number) in notice.text
    assert list(selectors.tickets_in_view("unread", lin)) == [follow_up]
