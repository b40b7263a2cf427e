"""Forms of tickets."""

import pytest

from feedback.tickets.forms import HelpForm, NewTicketForm, TicketAssignForm, TicketCustomerForm, TicketStateForm

HELP = {"name": "Anna", "email": "anna@example.com", "subject": "Parcel", "message": "It is late."}
NEW = {"customer": "", "channel": "phone", "subject": "Parcel", "body": "It is late.", "priority": "2"}


@pytest.mark.parametrize(("website", "is_machine"), [("", False), ("https://spam.example", True)])
def test_field_that_only_machines_fill_in(website, is_machine):
    form = HelpForm({**HELP, "website": website})

    assert form.is_valid()
    assert form.is_machine is is_machine


@pytest.mark.parametrize("missing", HELP)
def test_help_form_needs_every_field(missing):
    form = HelpForm({**HELP, missing: " "})

    assert list(form.errors) == [missing]


def test_states_offered_are_the_present_one_and_those_that_follow(open_ticket):
    form = TicketStateForm(open_ticket())

    assert [value for value, _label in form.fields["state"].choices] == ["new", "open", "pending", "on_hold", "solved"]


def test_state_that_does_not_follow_is_refused(open_ticket):
    assert not TicketStateForm(open_ticket(), {"state": "closed"}).is_valid()


def test_ticket_may_be_assigned_to_nobody_but_not_to_readers(make_user):
    assert TicketAssignForm({"assignee": ""}).is_valid()
    assert not TicketAssignForm({"assignee": make_user("readonly").public_id}).is_valid()


def test_new_ticket_has_a_customer_in_scope_or_a_stranger(make_user, make_customer):
    user, customer = make_user("service", scope="own"), make_customer(email="lin@example.com")

    stranger = NewTicketForm(user, NEW)
    hidden = NewTicketForm(user, {**NEW, "customer": customer.public_id})
    visible = NewTicketForm(make_user("manager"), {**NEW, "customer": " LIN@example.com "})

    assert stranger.is_valid()
    assert stranger.cleaned_data["customer"] is None
    assert list(hidden.errors) == ["customer"]
    assert visible.is_valid()
    assert visible.cleaned_data["customer"] == customer


def test_customer_of_a_ticket_must_be_found(make_user):
    form = TicketCustomerForm(make_user("manager"), {"customer": "nobody@example.com"})

    assert form.errors["customer"] == ["No customer has this e-mail address, phone number or id."]
