"""The workspace of the staff."""

import json
from datetime import timedelta

import pytest

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from customers.profiles import facts
from feedback.tickets import receiving, services
from feedback.tickets.models import Message, Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def agent(make_user):
    return make_user("service", name="Ken Lau")


@pytest.fixture
def desk(client_as, agent):
    return client_as(agent)


@pytest.fixture
def ticket(open_ticket, make_customer):
    return open_ticket(make_customer("林嘉怡", email="lin@example.com", language="zh-hans"))


def post(desk, ticket, act, **data):
    return desk.post(f"/tickets/{ticket.public_id}/{act}/", data, headers=HTMX)


def test_the_views_hold_the_right_tickets(desk, agent, make_user, open_ticket, make_customer):
    customer = make_customer()
    tickets = {name: open_ticket(customer, subject=name) for name in ("mine", "others", "nobodys", "solved")}
    services.assign_ticket(ticket=tickets["mine"], assignee=agent, by=agent, at=clock.now())
    services.assign_ticket(ticket=tickets["others"], assignee=make_user("service"), by=agent, at=clock.now())
    services.solve_ticket(ticket=tickets["solved"], by=agent, at=clock.now())

    def shown(view):
        page = desk.get(f"/tickets/?view={view}", headers=HTMX).content.decode()
        return {name for name in tickets if f">{name}<" in page}

    assert shown("mine") == {"mine"}
    assert shown("unassigned") == {"nobodys"}
    assert shown("open") == {"mine", "others", "nobodys"}
    assert shown("solved") == {"solved"}


def test_a_reply_is_sent_and_the_ticket_shown_again(desk, agent, ticket):
    page = post(desk, ticket, "reply", body="我们已补发。", seen=ticket.messages.get().pk)

    ticket.refresh_from_db()
    assert page.status_code == 200
    assert "我们已补发。" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert (ticket.state, ticket.assignee) == ("pending", agent)
    assert OutboundMessage.objects.count() == 1


@pytest.mark.rule("FT-8")
def test_a_held_reply_keeps_the_words_and_shows_what_is_new(desk, ticket):
    seen = ticket.messages.get().pk
    receiving.receive_message(ticket=ticket, body="请直接退款", channel="portal", at=clock.now())

    page = post(desk, ticket, "reply", body="我们会补发。", seen=seen)

    words = page.content.decode()
    assert page.status_code == 409
    assert "请直接退款" in words
    assert "我们会补发。</textarea>" in words
    assert "Somebody wrote meanwhile." in words
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize("act", ["reply", "note"])
@pytest.mark.parametrize("body", ["", "  ", "\x00", "x" * 20_001])
def test_bad_words_are_refused(desk, ticket, act, body):
    assert post(desk, ticket, act, body=body).status_code == 422
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("assign", {"assignee": "us_nobody"}, 422),
        ("priority", {"priority": "9"}, 422),
        ("priority", {"priority": "high"}, 422),
        ("move", {"state": "closed"}, 409),
        ("move", {"state": "nowhere"}, 409),
        ("customer", {"customer": "nobody@example.com"}, 422),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(desk, ticket, act, data, status):
    before = Ticket.objects.values().get(pk=ticket.pk)

    assert post(desk, ticket, act, **data).status_code == status
    assert Ticket.objects.values().get(pk=ticket.pk) == before


def test_assigning_can_be_undone(desk, agent, ticket):
    page = post(desk, ticket, "assign", assignee=agent.public_id)
    undo = json.loads(page.headers["HX-Trigger"])["toast"]["undo"]

    assert Ticket.objects.get().assignee == agent
    desk.post(undo, headers=HTMX)
    assert Ticket.objects.get().assignee is None


def test_only_agents_can_be_assigned(desk, ticket, make_user):
    assert post(desk, ticket, "assign", assignee=make_user("readonly").public_id).status_code == 422


def test_a_request_by_phone_is_written_down(desk, agent, make_customer):
    customer = make_customer(phone="+8613812342217")

    answer = desk.post(
        "/tickets/new/",
        {"customer": "138 1234 2217", "channel": "phone", "subject": "Parcel", "body": "It is late.", "priority": "2"},
    )

    ticket = Ticket.objects.get()
    assert answer.status_code == 302
    assert (ticket.customer, ticket.channel, ticket.assignee) == (customer, "phone", agent)
    assert ticket.messages.get().author == "customer"


def test_a_number_of_two_people_is_not_guessed_between(desk, make_customer):
    for name in ("A", "B"):
        make_customer(name, phone="+8613812342217")

    page = desk.post(
        "/tickets/new/", {"customer": "13812342217", "channel": "phone", "subject": "x", "body": "y", "priority": "2"}
    )

    assert page.status_code == 422
    assert "Several customers have this." in page.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.rule("S27")
def test_the_pane_shows_language_contact_notes_and_earlier_tickets(desk, open_ticket, make_customer):
    customer = make_customer("Olivia", email="o@example.com", phone="+8613812342217", language="en", notes="Vegan")
    earlier, ticket = open_ticket(customer, subject="Earlier one"), open_ticket(customer)

    page = desk.get(f"/tickets/{ticket.public_id}/").content.decode()

    for words in ("o@example.com", "+86 138 1234 2217", "Vegan", "English", "Earlier one", str(earlier.number)):
        assert words in page


def test_a_strangers_address_suggests_its_customer_to_staff(desk, open_ticket, make_customer):
    customer = make_customer("Lin Jiayi", email="Lin@example.com")
    ticket = open_ticket(None, contact_email="lin@example.com")

    assert "Lin Jiayi" in desk.get(f"/tickets/{ticket.public_id}/").content.decode()
    post(desk, ticket, "customer", customer=customer.public_id)
    assert Ticket.objects.get().customer == customer


def test_what_customers_write_is_never_markup(desk, open_ticket, make_customer):
    ticket = open_ticket(make_customer(), body="<script>alert(1)</script>", subject="<b>bold</b>")

    page = desk.get(f"/tickets/{ticket.public_id}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "<b>bold</b>" not in page


def test_a_bad_cursor_is_refused(desk):
    assert desk.get("/tickets/?cursor=nonsense").status_code == 400


def test_the_newest_orders_stand_beside_a_ticket_for_who_may_see_orders(client_as, ticket, make_order):
    for number in range(4):
        make_order(ticket.customer, "100", number=f"W-{number}", placed_at=clock.now() - timedelta(days=number))

    shown = client_as("service").get(f"/tickets/{ticket.public_id}/")

    assert [order.number for order in shown.context["orders"]] == ["W-0", "W-1", "W-2"]
    assert f"/orders/?customer={ticket.customer.public_id}" in shown.content.decode()


def test_a_row_names_the_tier_above_the_first(desk, open_ticket, make_customer):
    low, high = make_customer("Low"), make_customer("High")
    for customer, rank in ((low, 1), (high, 3)):
        facts.push_facts("tier", {customer.pk: ("gold", rank)}, clock.now())
        open_ticket(customer)

    rows = desk.get("/tickets/?view=unassigned").context["page"].rows

    assert {row.person: [fact["number"] for fact in row.fact_list] for row in rows} == {"Low": [], "High": [3.0]}


def test_the_workspace_begins_with_a_narrow_menu_until_its_reader_widens_it(desk):
    assert 'data-sidebar="collapsed"' in desk.get("/tickets/").content.decode()
    assert 'data-sidebar=""' in desk.get("/customers/").content.decode()

    desk.cookies["eg_sidebar"] = "wide"

    assert 'data-sidebar=""' in desk.get("/tickets/").content.decode()
