"""A ticket's history: what every change writes, and an entry in words."""

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.profiles.models import CustomerFact, TimelineEntry
from feedback.tickets import history, receiving, services
from feedback.tickets.choices import TicketChange
from feedback.tickets.models import TicketEvent


@pytest.fixture
def agent(make_user):
    return make_user("service", name="Ken Lau")


@pytest.fixture
def ticket(open_ticket, make_customer):
    return open_ticket(make_customer("Lin"))


def lines(ticket):
    return [line for event in ticket.events.order_by("pk") if (line := history.history_line(event))]


def test_change_of_staff_is_audited_and_a_change_of_the_product_is_not(ticket, agent):
    history.record_change(ticket, TicketChange.PRIORITY, clock.now(), before=2, after=3, by=agent)
    history.record_change(ticket, TicketChange.PRIORITY, clock.now(), before=3, after=4)

    by_staff, by_system = ticket.events.order_by("pk")[1:]
    assert (by_staff.author, by_staff.user, by_system.author, by_system.user) == ("staff", agent, "system", None)
    assert [entry.after for entry in AuditEntry.objects.filter(action="ticket.priority")] == [{"priority": "3"}]


def test_states_write_their_times_and_the_count_of_open_tickets(ticket, agent):
    solved_at, reopened_at = clock.now(), clock.now()

    history.write_ticket_state(ticket, "solved", solved_at, by=agent)
    ticket.refresh_from_db()
    assert (ticket.solved_at, ticket.solves, ticket.waiting_since) == (solved_at, 1, None)
    assert CustomerFact.objects.get(kind="open_tickets").number == 0

    history.write_ticket_state(ticket, "open", reopened_at, by=agent)
    ticket.refresh_from_db()
    assert (ticket.solved_at, ticket.solves) == (None, 1)
    assert CustomerFact.objects.get(kind="open_tickets").number == 1


def test_stranger_has_no_timeline_and_no_fact(open_ticket):
    ticket = open_ticket(None, contact_email="anna@example.com")

    history.write_timeline_line(ticket, "ticket_solved", clock.now())
    history.push_open_ticket_count(ticket, clock.now())

    assert not TimelineEntry.objects.exists()
    assert not CustomerFact.objects.exists()


def test_words_of_a_timeline_line_are_cut(ticket):
    history.write_timeline_line(ticket, "ticket_replied", clock.now(), text="x" * 900)

    assert len(TimelineEntry.objects.get(kind="ticket_replied").data["text"]) == 500


def test_changes_in_words(ticket, agent, make_user):
    other, now = make_user("service", name="Amy Chan"), clock.now()
    services.assign_ticket(ticket=ticket, assignee=agent, by=agent, at=now)
    services.assign_ticket(ticket=ticket, assignee=other, by=agent, at=now)
    services.assign_ticket(ticket=ticket, assignee=None, by=agent, at=now)
    services.change_priority(ticket=ticket, priority=4, by=agent, at=now)
    services.change_ticket_state(ticket=ticket, state="on_hold", by=agent, at=now)
    services.solve_ticket(ticket=ticket, by=agent, at=now)
    receiving.receive_message(ticket=ticket, body="Still broken", channel="portal", at=now)

    assert lines(ticket) == [
        "Taken by Ken Lau",
        "Given to Amy Chan by Ken Lau",
        "Given back to everybody by Ken Lau",
        "Priority Urgent, says Ken Lau",
        "On hold, says Ken Lau",
        "Solved by Ken Lau",
        "The customer wrote: open again",
    ]


def test_what_goes_without_saying_has_no_line(ticket, agent):
    services.reply_to_ticket(ticket=ticket, body="We look into it.", by=agent, at=clock.now())

    states = ticket.events.filter(change="state")
    assert [(event.after, history.history_line(event)) for event in states] == [("pending", "")]
    assert history.history_line(ticket.events.get(change="opened")) == ""


@pytest.mark.parametrize(
    ("change", "data", "text"),
    [
        ("opened", {"score": {"en": "2 of 10"}}, "Opened because of a low score: 2 of 10"),
        ("opened", {"after_ticket": 10023}, "Follows the closed ticket 10023"),
    ],
)
def test_reason_of_the_product_is_named(ticket, change, data, text):
    event = TicketEvent(ticket=ticket, change=change, data=data, author="system", at=clock.now())

    assert history.history_line(event) == text


def test_closed_and_linked_in_words(open_ticket, make_customer, agent):
    ticket = open_ticket(None, contact_email="anna@example.com")
    services.link_customer(ticket=ticket, customer=make_customer(), by=agent, at=clock.now())
    history.write_ticket_state(ticket, "solved", clock.now())
    history.write_ticket_state(ticket, "closed", clock.now())

    assert lines(ticket) == ["Ken Lau said whose ticket this is", "Solved", "Closed"]
