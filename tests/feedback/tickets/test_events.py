"""What tickets announce, as it is stored and heard."""

import pytest

from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from feedback.tickets import events, receiving, services


@pytest.fixture
def agent(make_user):
    return make_user("service")


def stored(name):
    event = Event.objects.get(name=name)
    return event.ids, event.data


def test_life_of_a_ticket_is_announced(open_ticket, agent):
    ticket, now = open_ticket(channel="phone", priority=3), clock.now()
    message = services.reply_to_ticket(ticket=ticket, body="Sent.", by=agent, at=now, solve=True)
    receiving.receive_message(ticket=ticket, body="Still broken", channel="portal", at=now)

    assert stored("ticket_opened") == ([ticket.pk], {"channel": "phone", "priority": 3})
    assert stored("ticket_replied") == ([ticket.pk], {"message": message.pk, "user": agent.pk})
    assert stored("ticket_solved") == ([ticket.pk], {"solve": 1, "user": agent.pk})
    assert stored("ticket_reopened") == ([ticket.pk], {"by": "customer"})


def test_user_of_a_solved_ticket_may_be_empty(at):
    assert events.TicketSolved(ids=[1], at=clock.now(), solve=2).user is None
