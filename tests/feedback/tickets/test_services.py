"""What is said in tickets, and how they move."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from crm.kernel.audit.models import AuditEntry
from crm.kernel.background.events.models import Event
from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from customers.profiles import facts
from customers.profiles.models import CustomerFact, TimelineEntry
from feedback.tickets import emails, receiving, services
from feedback.tickets.models import Message, Ticket, TicketEvent
from feedback.tickets.ticket_messages import EmptyMessage


@pytest.fixture
def customer(make_customer):
    return make_customer("林嘉怡", email="lin@example.com", language="zh-hans")


@pytest.fixture
def agent(make_user):
    return make_user("service")


@pytest.fixture
def ticket(open_ticket, customer):
    return open_ticket(customer)


def reply(ticket, by, body="我们已补发。", **more):
    return services.reply_to_ticket(ticket=ticket, body=body, by=by, at=clock.now(), **more)


def receive(ticket, body="还没收到", **more):
    return receiving.receive_message(ticket=ticket, body=body, channel="portal", at=clock.now(), **more)


def announced(name):
    return Event.objects.filter(name=name).count()


def test_a_ticket_has_a_number_a_history_and_a_first_message(open_ticket, customer):
    first, second = open_ticket(customer), open_ticket(customer)

    assert second.number == first.number + 1
    assert first.messages.get().body == "茶罐的盖子裂了"
    assert [event.change for event in first.events.all()] == ["opened"]
    assert TimelineEntry.objects.filter(customer=customer, kind="ticket_opened").count() == 2
    assert CustomerFact.objects.get(customer=customer, kind="open_tickets").number == 2
    assert announced("ticket_opened") == 2


@pytest.mark.rule("FT-3")
@pytest.mark.rule("S70")
def test_the_service_level_raises_the_priority(open_ticket, customer):
    facts.push_facts("service_level", {customer.pk: ("first", 2)}, clock.now())

    assert open_ticket(customer).priority == 4


def test_the_same_source_opens_one_ticket(open_ticket, customer):
    first = open_ticket(customer, source=("survey", "rs_1"))

    assert open_ticket(customer, source=("survey", "rs_1")) == first
    assert Ticket.objects.count() == Message.objects.count() == 1


@pytest.mark.rule("FT-1")
def test_a_public_reply_goes_out_by_mail_in_the_customers_language(ticket, agent):
    message = reply(ticket, agent)

    mail = OutboundMessage.objects.get()
    ticket.refresh_from_db()
    assert (mail.purpose, mail.address, mail.language) == ("ticket", "lin@example.com", "zh-hans")
    assert "我们已补发。" in mail.text
    assert f"[{ticket.number}]" in mail.subject
    assert mail.message_id == message.message_id
    assert mail.headers == {}
    assert "发往此地址的邮件不会有人查看" in mail.text
    assert (ticket.state, ticket.assignee, ticket.waiting_since) == ("pending", agent, None)
    assert announced("ticket_replied") == 1


@pytest.mark.rule("FT-1")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_an_answer_leads_to_the_page_where_the_customer_writes_on(open_ticket, make_customer, agent, client, language):
    ticket = open_ticket(make_customer("Lin", email="lin@example.com", language=language))
    reply(ticket, agent, body="Sent.")

    mail = OutboundMessage.objects.get()
    said, link, _not_by_mail = mail.text.split("\n\n")
    client.post(link[link.index("/help/tickets/") :], {"body": "Thank you"})
    assert said == "Sent."
    assert ticket.messages.order_by("pk").last().body == "Thank you"


@pytest.mark.rule("FT-1")
def test_replies_stand_in_one_thread(ticket, agent):
    receive(ticket, message_id="<from-customer@example.com>")
    first = reply(ticket, agent)
    reply(ticket, agent, body="再补充一句")

    mail = OutboundMessage.objects.order_by("pk").last()
    assert mail.headers["In-Reply-To"] == first.message_id
    assert mail.headers["References"] == f"<from-customer@example.com> {first.message_id}"


def test_a_note_stays_among_us(ticket, agent):
    services.add_note(ticket=ticket, body="仓库缺货", by=agent, at=clock.now())

    ticket.refresh_from_db()
    assert not OutboundMessage.objects.exists()
    assert (ticket.state, ticket.messages.filter(kind="note").count()) == ("new", 1)


@pytest.mark.rule("FT-8")
def test_a_reply_is_held_back_when_somebody_wrote_meanwhile(ticket, agent):
    seen = ticket.messages.get().pk
    newer = receive(ticket, "请直接退款")

    with pytest.raises(services.ReplyOvertaken) as held:
        reply(ticket, agent, seen=seen)

    assert held.value.messages == [newer]
    assert not OutboundMessage.objects.exists()
    assert Message.objects.filter(author="staff").count() == 0


@pytest.mark.rule("FT-8")
def test_a_note_that_came_meanwhile_holds_nothing_back(ticket, agent):
    seen = ticket.messages.get().pk
    services.add_note(ticket=ticket, body="note", by=agent, at=clock.now())

    assert reply(ticket, agent, seen=seen).pk


def test_send_and_solve_is_one_act(ticket, agent):
    reply(ticket, agent, solve=True)

    ticket.refresh_from_db()
    event = Event.objects.get(name="ticket_solved")
    assert (ticket.state, ticket.solves) == ("solved", 1)
    assert (event.ids, event.data["solve"]) == ([ticket.pk], 1)
    assert CustomerFact.objects.get(customer=ticket.customer, kind="open_tickets").number == 0


@pytest.mark.rule("FT-3")
@pytest.mark.rule("S66")
def test_an_answer_of_the_customer_opens_a_solved_ticket_again(ticket, agent):
    services.solve_ticket(ticket=ticket, by=agent, at=clock.now())

    receive(ticket)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.solved_at) == ("open", None)
    assert ticket.waiting_since is not None
    assert announced("ticket_reopened") == 1


@pytest.mark.rule("FT-3")
def test_a_closed_ticket_gets_a_successor(ticket, agent, at):
    services.solve_ticket(ticket=ticket, by=agent, at=clock.now() - timedelta(days=20))
    assert services.close_solved_tickets(at=clock.now()) == 1

    message = receive(ticket)

    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert message.ticket != ticket
    assert message.ticket.customer == ticket.customer
    with pytest.raises(services.TicketClosed):
        reply(ticket, agent)


def test_tickets_solved_lately_are_not_closed(ticket, agent):
    services.solve_ticket(ticket=ticket, by=agent, at=clock.now() - timedelta(days=13))

    assert services.close_solved_tickets(at=clock.now()) == 0


def test_the_same_mail_is_kept_once(ticket):
    first = receive(ticket, message_id="<a@example.com>")

    assert receive(ticket, message_id="<a@example.com>") == first
    assert ticket.messages.count() == 2


@pytest.mark.rule("FT-3")
def test_a_move_that_is_not_allowed_changes_nothing(ticket, agent):
    services.solve_ticket(ticket=ticket, by=agent, at=clock.now())

    with pytest.raises(services.TicketMoveRefused):
        services.change_ticket_state(ticket=ticket, state="pending", by=agent, at=clock.now())

    ticket.refresh_from_db()
    assert ticket.state == "solved"


def test_the_history_tells_who_moved_what(ticket, agent, make_user):
    other = make_user("service", name="陈爱美")
    services.assign_ticket(ticket=ticket, assignee=other, by=agent, at=clock.now())
    services.change_priority(ticket=ticket, priority=4, by=agent, at=clock.now())
    services.assign_ticket(ticket=ticket, assignee=other, by=agent, at=clock.now())

    told = [(event.change, event.before, event.after, event.user) for event in ticket.events.order_by("pk")[1:]]
    assert told == [("assigned", "", "陈爱美", agent), ("priority", "2", "4", agent)]


@pytest.mark.rule("PL-11")
def test_the_audit_log_names_what_was_changed_and_masks_no_state(ticket, agent):
    services.change_priority(ticket=ticket, priority=4, by=agent, at=clock.now())

    entry = AuditEntry.objects.get(action="ticket.priority")
    assert (entry.before, entry.after) == ({"priority": "2"}, {"priority": "4"})


@pytest.mark.django_db
def test_the_history_is_never_changed(ticket):
    with pytest.raises(ProgrammingError), transaction.atomic():
        TicketEvent.objects.update(after="x")


@pytest.mark.parametrize("body", ["", "   ", "\x00", "\r\n"])
def test_nothing_said_is_refused(ticket, agent, body):
    with pytest.raises(EmptyMessage):
        reply(ticket, agent, body=body)

    assert ticket.messages.count() == 1


def test_a_stranger_is_answered_on_his_page_and_by_mail_once_he_is_a_customer(open_ticket, agent, client):
    ticket = open_ticket(None, contact_email="anna@example.com", contact_name="Anna Bell", language="en")

    first = reply(ticket, agent, body="It left today.")
    services.create_ticket_customer(ticket=ticket, by=agent, at=clock.now())
    ticket.refresh_from_db()
    second = reply(ticket, agent, body="It arrives tomorrow.")

    assert (first.channel, first.message_id) == ("portal", "")
    assert "It left today." in client.get(emails.customer_page_path(ticket)).content.decode()
    assert (ticket.customer.display_name, ticket.customer.email) == ("Anna Bell", "anna@example.com")
    assert (second.channel, OutboundMessage.objects.get().address) == ("email", "anna@example.com")


def test_an_address_that_a_customer_uses_makes_no_second_one(open_ticket, customer, agent):
    ticket = open_ticket(None, contact_email="LIN@example.com")

    with pytest.raises(services.TicketMoveRefused):
        services.create_ticket_customer(ticket=ticket, by=agent, at=clock.now())

    ticket.refresh_from_db()
    assert ticket.customer is None


def test_a_strangers_ticket_gets_its_customer_once(open_ticket, customer, make_customer, agent):
    ticket = open_ticket(None, contact_email="lin@example.com", contact_name="Lin")

    services.link_customer(ticket=ticket, customer=customer, by=agent, at=clock.now())

    ticket.refresh_from_db()
    assert ticket.customer == customer
    with pytest.raises(services.TicketMoveRefused):
        services.link_customer(ticket=ticket, customer=make_customer(), by=agent, at=clock.now())
