"""Reads of tickets."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from feedback.tickets import receiving, selectors, services


@pytest.fixture
def agent(make_user):
    return make_user("service", name="Ken Lau")


def test_unknown_view_is_all_open():
    assert selectors.get_ticket_view("nonsense").key == "open"
    assert selectors.get_ticket_view("solved").sort == "solved"


def test_counts_of_views_take_one_query(open_ticket, agent, django_assert_num_queries):
    services.assign_ticket(ticket=open_ticket(), assignee=agent, by=agent, at=clock.now())
    open_ticket()
    services.change_ticket_state(ticket=open_ticket(), state="pending", by=agent, at=clock.now())
    services.solve_ticket(ticket=open_ticket(), by=agent, at=clock.now())

    with django_assert_num_queries(1):
        counts = selectors.view_counts(agent)

    assert counts == {"mine": 1, "unread": 0, "unassigned": 2, "open": 3, "pending": 1}


def test_tickets_out_of_scope_are_in_no_view(open_ticket, make_user):
    stranger = make_user("service", scope="own")
    open_ticket()

    assert list(selectors.tickets_in_view("open", stranger)) == []
    assert set(selectors.view_counts(stranger).values()) == {0}


def test_conversation_is_in_order_of_time_with_messages_before_changes(open_ticket, agent, django_assert_num_queries):
    ticket, now = open_ticket(), clock.now()
    services.add_note(ticket=ticket, body="note", by=agent, at=now + timedelta(seconds=1))
    services.change_priority(ticket=ticket, priority=3, by=agent, at=now + timedelta(seconds=2))

    with django_assert_num_queries(2):
        entries = selectors.ticket_conversation(ticket)

    kinds = [entry.message.kind if entry.message else entry.event.change for entry in entries]
    assert kinds == ["public", "opened", "note", "priority"]
    assert selectors.last_public_message_id(entries) == entries[0].message.pk


def test_nothing_public_is_message_zero():
    assert selectors.last_public_message_id([]) == 0


def test_customers_read_no_notes(open_ticket, agent):
    ticket = open_ticket(body="Broken lid")
    services.add_note(ticket=ticket, body="note", by=agent, at=clock.now())

    assert [message.body for message in selectors.public_messages(ticket)] == ["Broken lid"]


def test_earlier_message_ids_are_those_of_mails_before_it(open_ticket):
    ticket = open_ticket()
    for message_id in ("<1@example.com>", "", "<2@example.com>"):
        last = receiving.receive_message(
            ticket=ticket, body="x", channel="email", at=clock.now(), message_id=message_id
        )

    assert selectors.earlier_message_ids(last) == ["<1@example.com>"]


def test_other_tickets_of_a_customer_come_unsolved_first(open_ticket, make_customer, agent):
    customer, now = make_customer(), clock.now()
    agent.scope = "all"
    solved, older, newer = (open_ticket(customer, at=now - timedelta(days=days)) for days in (3, 2, 1))
    services.solve_ticket(ticket=solved, by=agent, at=now)

    assert list(selectors.customer_tickets(customer.pk, agent)) == [newer, older, solved]
    assert list(selectors.customer_tickets(customer.pk, agent, without=newer)) == [older, solved]


def test_agents_are_active_staff_who_may_work_on_tickets(agent, make_user):
    make_user("readonly")
    make_user("service", is_active=False)

    assert list(selectors.ticket_agents()) == [agent]


def test_ticket_with_messages_takes_two_queries(open_ticket, django_assert_num_queries):
    ticket = open_ticket()

    with django_assert_num_queries(2):
        loaded = selectors.find_ticket_with_messages(ticket.public_id)
        assert [message.ticket for message in loaded.messages.all()] == [ticket]
    assert selectors.find_ticket_with_messages("ti_none") is None
    assert selectors.find_ticket("ti_none") is None
