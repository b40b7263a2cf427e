"""Facts and invariants of tickets."""

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.time import clock
from feedback.tickets.models import Message, Ticket


@pytest.fixture
def teams(make_team):
    return make_team("North"), make_team("South")


def test_own_scope_sees_assigned_tickets_and_those_of_own_customers(open_ticket, make_customer, make_user):
    me, other = make_user("service", scope="own"), make_user("service")
    assigned = open_ticket(make_customer(), assignee=me)
    of_my_customer = open_ticket(make_customer(owner=me), assignee=other)
    open_ticket(make_customer(owner=other))
    open_ticket(None, contact_email="anna@example.com")

    assert set(Ticket.objects.visible_to(me)) == {assigned, of_my_customer}


def test_team_scope_sees_the_teams_tickets_and_those_of_nobody(open_ticket, make_customer, make_user, teams):
    north, south = teams
    me = make_user("service", scope="team", team=north)
    of_team = open_ticket(make_customer(team=north))
    of_colleague = open_ticket(None, assignee=make_user("service", team=north))
    of_nobody = open_ticket(None, contact_email="anna@example.com")
    open_ticket(make_customer(team=south))

    assert set(Ticket.objects.visible_to(me)) == {of_team, of_colleague, of_nobody}


def test_same_source_is_kept_out_by_the_database(open_ticket):
    open_ticket(source=("survey", "rs_1"))
    other = open_ticket(source=("survey", "rs_2"))

    with pytest.raises(IntegrityError, match="ticket_once_per_source"), transaction.atomic():
        Ticket.objects.filter(pk=other.pk).update(source_id="rs_1")


def test_solved_ticket_has_its_time(open_ticket):
    ticket = open_ticket()

    with pytest.raises(IntegrityError, match="ticket_solved_has_time"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state="solved")


@pytest.mark.parametrize("author", ["staff", "customer"])
def test_message_of_staff_names_its_writer_and_another_does_not(open_ticket, make_user, author):
    user = None if author == "staff" else make_user()

    with pytest.raises(IntegrityError, match="ticket_message_staff_has_user"), transaction.atomic():
        Message.objects.create(
            ticket=open_ticket(), kind="public", channel="phone", author=author, user=user, body="x", at=clock.now()
        )


@pytest.mark.parametrize(
    ("contact_name", "contact_email", "person"),
    [("Anna Bell", "anna@example.com", "Anna Bell"), ("", "anna@example.com", "anna@example.com")],
)
def test_stranger_is_called_by_name_or_address(open_ticket, contact_name, contact_email, person):
    ticket = open_ticket(None, contact_name=contact_name, contact_email=contact_email)

    assert ticket.person == person


def test_keys_of_reply_addresses_are_not_guessed(open_ticket):
    keys = {open_ticket().reply_key for _number in range(3)}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {24}
