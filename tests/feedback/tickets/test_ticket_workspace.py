"""What the workspace shows."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from feedback.tickets import services, ticket_workspace


@pytest.fixture
def manager(make_user):
    return make_user("manager")


def test_list_begins_with_the_users_own_and_names_the_counts(open_ticket, manager):
    mine = open_ticket(assignee=manager)
    open_ticket()

    context = ticket_workspace.ticket_list_context({}, manager)

    assert (context["view"].key, list(context["page"].rows), context["view_count"]) == ("mine", [mine], 1)
    assert [(view.key, count, current) for view, count, current in context["views"]] == [
        ("mine", 1, True),
        ("unread", 1, False),
        ("unassigned", 1, False),
        ("open", 2, False),
        ("pending", 0, False),
        ("solved", None, False),
    ]


def test_open_tickets_come_by_how_long_the_customer_waits(open_ticket, manager):
    now = clock.now()
    newer, older = (open_ticket(at=now - timedelta(hours=hours)) for hours in (1, 2))

    assert list(ticket_workspace.ticket_list_context({"view": "open"}, manager)["page"].rows) == [older, newer]


def test_ticket_leaves_out_what_needs_no_words(open_ticket, make_customer, manager):
    ticket = open_ticket(make_customer())
    services.reply_to_ticket(ticket=ticket, body="Sent.", by=manager, at=clock.now())
    ticket.refresh_from_db()

    context = ticket_workspace.ticket_context(ticket, manager)

    assert [text for entry, text, _delivery in context["entries"] if not entry.message] == [f"Taken by {manager}"]
    assert [state for state, _name in context["states"]] == ["pending", "open", "on_hold", "solved"]
    assert context["seen"] == ticket.messages.order_by("pk").last().pk


def test_customer_out_of_scope_is_not_shown(open_ticket, make_customer, make_user):
    agent = make_user("service", scope="own")
    ticket = open_ticket(make_customer("Lin"), assignee=agent)

    context = ticket_workspace.ticket_context(ticket, agent)

    assert (context["customer"], context["orders"], context["panels"]) == (None, [], [])


def test_panels_of_the_customer_page_are_shown_but_not_the_tickets_again(
    open_ticket, make_customer, make_response, manager
):
    customer = make_customer()
    make_response(9, customer)

    context = ticket_workspace.ticket_context(open_ticket(customer), manager)

    keys = {panel.key for panel, _context in context["panels"]}
    assert "surveys" in keys
    assert not ticket_workspace.HIDDEN_PANELS & keys


def test_customers_with_the_address_of_a_stranger_are_offered(open_ticket, make_customer, make_user, manager):
    customer = make_customer("Lin", email="Lin@example.com")
    ticket = open_ticket(None, contact_email="lin@example.com")

    assert ticket_workspace.ticket_context(ticket, manager)["possible_customers"] == [customer]


def test_undo_address_carries_the_value_before(open_ticket):
    ticket = open_ticket()

    url = ticket_workspace.undo_url(("feedback:ticket_priority", "priority=2"), ticket)

    assert url == f"/tickets/{ticket.public_id}/priority/?priority=2"
