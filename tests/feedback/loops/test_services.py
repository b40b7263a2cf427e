"""Bad answers are followed up; customers of solved tickets are asked."""

from datetime import timedelta

import pytest

from crm.kernel.background.events import delivery
from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from feedback.loops import services
from feedback.loops.models import Ask, FollowUp
from feedback.surveys.models import Invitation, Withheld
from feedback.tickets import receiving
from feedback.tickets import services as tickets
from feedback.tickets.models import Ticket

SOON = timedelta(minutes=1)


def listen():
    """Let the later listeners hear what was announced."""
    delivery.deliver_due_events(clock.now() + SOON)


@pytest.fixture
def agent(make_user):
    return make_user("service", name="Ken Lau")


@pytest.fixture
def customer(make_customer, agent):
    found = make_customer("林嘉怡", email="lin@example.com", language="zh-hans", owner=agent)
    consent.give_consent(customer=found, channel="email", topics=["surveys"], source="staff", at=clock.now())
    return found


def solve(ticket, agent, at=None):
    tickets.solve_ticket(ticket=ticket, by=agent, at=at or clock.now())
    listen()


@pytest.mark.rule("FS-7")
@pytest.mark.rule("S59")
@pytest.mark.parametrize(("survey", "score"), [("nps", 0), ("nps", 6), ("csat_ticket", 0), ("csat", 1), ("csat", 2)])
def test_a_bad_answer_opens_a_ticket_with_owner_and_deadline(make_response, customer, agent, survey, score, at):
    at("2026-03-06T10:00:00+08:00")  # a Friday
    response = make_response(score, customer, survey=survey, text="包装破损")
    listen()

    follow_up, ticket = FollowUp.objects.get(), Ticket.objects.get()
    assert (follow_up.response, follow_up.ticket, follow_up.owner, follow_up.state) == (response, ticket, agent, "open")
    assert follow_up.due_on.isoformat() == "2026-03-09"
    assert (ticket.customer, ticket.assignee, ticket.channel, ticket.priority) == (customer, agent, "survey", 3)
    assert ticket.messages.get().author == "customer"
    assert "包装破损" in ticket.messages.get().body
    assert str(score) in ticket.events.get().data["score"]["en"] or survey == "csat_ticket"


@pytest.mark.parametrize(("survey", "score"), [("nps", 7), ("nps", 10), ("csat_ticket", 1), ("csat", 3)])
def test_other_answers_open_nothing(make_response, customer, survey, score):
    make_response(score, customer, survey=survey)
    listen()

    assert not FollowUp.objects.exists()
    assert not Ticket.objects.exists()


def test_hearing_twice_follows_up_once(make_response, customer):
    response = make_response(2, customer)
    listen()

    assert services.open_follow_ups(response_ids=[response.pk], at=clock.now()) == 0
    assert FollowUp.objects.count() == Ticket.objects.count() == 1


@pytest.mark.rule("CU-30")
def test_history_is_not_followed_up(make_response, customer):
    response = make_response(2, customer)
    Event.objects.update(live=False)
    listen()

    assert not FollowUp.objects.filter(response=response).exists()


@pytest.mark.rule("FS-7")
def test_a_follow_up_goes_with_its_ticket(make_response, make_order, customer, agent):
    make_response(2, customer)
    listen()
    ticket = Ticket.objects.get()
    seen = []

    tickets.reply_to_ticket(ticket=ticket, body="非常抱歉", by=agent, at=clock.now())
    listen()
    seen.append(FollowUp.objects.get().state)
    solve(ticket, agent)
    seen.append(FollowUp.objects.get().state)
    receiving.receive_message(ticket=ticket, body="还是不行", channel="portal", at=clock.now())
    listen()
    seen.append(FollowUp.objects.get().state)
    solve(ticket, agent)
    make_order(customer)
    listen()
    seen.append(FollowUp.objects.get().state)

    assert seen == ["contacted", "resolved", "contacted", "won_back"]


@pytest.mark.rule("FT-11")
@pytest.mark.rule("S53")
def test_a_day_after_solving_the_customer_is_asked_once(surveys, open_ticket, customer, agent):
    ticket, now = open_ticket(customer), clock.now()
    solve(ticket, agent, now)

    early = services.send_due_asks(at=now + timedelta(hours=23, minutes=59))
    due = services.send_due_asks(at=now + timedelta(hours=24))
    again = services.send_due_asks(at=now + timedelta(hours=30))

    invitation = Invitation.objects.get()
    assert (early, due, again) == (0, 1, 0)
    assert invitation.survey == surveys["csat_ticket"]
    assert invitation.occasion == f"ticket:{ticket.public_id}:1"
    assert OutboundMessage.objects.get(purpose="survey").subject == "这次我们帮到您了吗？"
    assert Ask.objects.get().outcome == "asked"


@pytest.mark.rule("FT-11")
def test_who_wrote_again_is_not_asked_until_solved_again(surveys, open_ticket, customer, agent):
    ticket, now = open_ticket(customer), clock.now()
    solve(ticket, agent, now)
    receiving.receive_message(ticket=ticket, body="还没好", channel="portal", at=now)

    assert services.send_due_asks(at=now + timedelta(days=2)) == 0
    assert Ask.objects.get().outcome == "reopened"
    solve(ticket, agent, now + timedelta(days=3))
    assert services.send_due_asks(at=now + timedelta(days=5)) == 1
    assert Invitation.objects.get().occasion.endswith(":2")


@pytest.mark.rule("FT-11")
@pytest.mark.parametrize("tag", ["spam", "merged"])
def test_nobody_is_asked_after_spam_or_merged_tickets(surveys, open_ticket, customer, agent, tag):
    solve(open_ticket(customer, tags=[tag]), agent)

    assert not Ask.objects.exists()


def test_a_stranger_cannot_be_asked(surveys, open_ticket, agent):
    solve(open_ticket(None, contact_email="who@example.com"), agent)

    assert not Ask.objects.exists()


def test_who_was_asked_lately_is_left_in_peace(surveys, open_ticket, customer, agent):
    now = clock.now()
    for day in (0, 5):
        solve(open_ticket(customer), agent, now + timedelta(days=day))
        services.send_due_asks(at=now + timedelta(days=day + 1))

    assert Invitation.objects.count() == 1
    assert Withheld.objects.get().reason == "asked_lately"
    assert sorted(Ask.objects.values_list("outcome", flat=True)) == ["asked", "withheld"]
