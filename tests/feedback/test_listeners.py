"""What causes what, and what runs by the clock."""

from datetime import timedelta

import pytest

from crm.kernel.background import scheduler
from crm.kernel.background.events import delivery
from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from feedback import listeners
from feedback.loops.models import Ask, FollowUp
from feedback.tickets import services as tickets
from feedback.tickets.models import Ticket

SOON = timedelta(minutes=1)


def deliver():
    delivery.deliver_due_events(clock.now() + SOON)


@pytest.fixture
def agent(make_user):
    return make_user("service")


def test_happy_answer_wins_back_whoever_was_unhappy(make_response, make_customer, agent):
    customer = make_customer(owner=agent)
    make_response(2, customer)
    deliver()
    tickets.solve_ticket(ticket=Ticket.objects.get(), by=agent, at=clock.now())
    deliver()

    make_response(10, customer)
    deliver()

    assert FollowUp.objects.get().state == "won_back"


def test_solved_ticket_of_history_asks_nobody(open_ticket, make_customer, agent):
    tickets.solve_ticket(ticket=open_ticket(make_customer()), by=agent, at=clock.now())
    Event.objects.update(live=False)

    deliver()

    assert not Ask.objects.exists()


def test_tickets_close_and_invitations_expire_by_the_clock(open_ticket, make_invitation, agent):
    now = clock.now()
    ticket = open_ticket()
    tickets.solve_ticket(ticket=ticket, by=agent, at=now - timedelta(days=15))
    invitation, _token = make_invitation(at=now - timedelta(days=31))

    assert listeners.solved_tickets_close(now) == 1
    assert listeners.invitations_expire(now) == 1

    ticket.refresh_from_db()
    invitation.refresh_from_db()
    assert (ticket.state, invitation.state) == ("closed", "expired")


def test_names_of_what_runs_by_the_clock_stay_as_they_are_stored():
    source = vars(scheduler)
    names = {name for registry in source.values() if isinstance(registry, dict) for name in registry}

    assert {"ask_after_tickets", "expire_invitations", "close_solved_tickets"} <= {str(name) for name in names}
