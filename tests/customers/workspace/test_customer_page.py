"""The one page per customer: what stands on it, what is written there, and for whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from crm.kernel.time import clock
from customers.profiles import facts
from customers.profiles.models import Customer, TimelineEntry
from customers.workspace import sockets
from customers.workspace.customer_page import BuyingHabits
from customers.workspace.sockets import CustomerPanel

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-5")]


def url(customer: Customer, name: str = "customer") -> str:
    return reverse(f"customers:{name}", args=[customer.public_id])


@pytest.mark.rule("PL-41")
def test_page_shows_figures_in_at_most_twenty_queries(
    make_customer, make_order, client_as, django_assert_max_num_queries
):
    customer = make_customer("林嘉怡", email="lin@example.com", phone="+8613812342217", birth_month=6, birth_day=6)
    for day in (30, 20, 10):
        make_order(customer, "100", placed_at=clock.now() - timedelta(days=day), channel="store", store="静安店")
    client = client_as("sales")
    client.get(url(customer))

    with django_assert_max_num_queries(20 + 2):
        response = client.get(url(customer))

    assert response.context["summary"].orders == 3
    assert response.context["habits"] == BuyingHabits([("Tea", 3)], "store", "静安店")
    page = response.content.decode()
    assert "+86 138 1234 2217" in page
    assert "6 Jun" in page


def test_contact_data_is_masked_for_who_may_not_see_it(make_customer, client_as):
    customer = make_customer("Lin", email="lin@example.com", phone="+8613812342217")
    customer.contact_points.create(kind="phone", value="+85251234567")
    customer.contact_points.create(kind="wechat", value="jiayi-tea")

    page = client_as("readonly").get(url(customer)).content.decode()

    assert "l•••@example.com" in page
    assert "+86 ••• 2217" in page
    for secret in ("lin@example.com", "1234 2217", "5123", "jiayi-tea"):
        assert secret not in page


@pytest.mark.rule("CU-5", "PL-10")
def test_panels_stand_in_their_place_for_who_may_see_them(make_customer, client_as, monkeypatch):
    def load(customer, user):
        return {"title": "x", "text": f"about {customer.display_name}"}

    here = CustomerPanel("here", "Here", "components/empty.html", load, place="right")
    closed = CustomerPanel("closed", "Closed", "components/empty.html", load, permission="audit.view")
    empty = CustomerPanel("empty", "Empty", "components/empty.html", lambda customer, user: None)
    monkeypatch.setattr(sockets.workspace_sockets, "panels", [here, closed, empty])
    monkeypatch.setattr(sockets, "customer_panels", [here, closed, empty])
    customer = make_customer("Lin")

    panels = client_as("sales").get(url(customer)).context["panels"]

    assert {place: [panel.key for panel, _html in several] for place, several in panels.items()} == {"right": ["here"]}
    assert "about Lin" in panels["right"][0][1]


@pytest.mark.rule("S26")
@pytest.mark.parametrize("kind", ["call", "visit", "chat", "note"])
def test_interaction_is_one_post_and_stands_on_the_timeline(kind, make_customer, make_user, client_as):
    customer, me = make_customer("Lin"), make_user("service", name="Mei")
    client = client_as(me)

    answer = client.post(url(customer, "customer_log"), {"kind": kind, "text": "想要茶单"})

    assert answer.status_code == 204
    entry = client.get(url(customer)).context["entries"][0]
    assert (entry.quoted_text, entry.actor) == ("想要茶单", "Mei")
    assert TimelineEntry.objects.filter(customer=customer, kind=kind).count() == 1


@pytest.mark.parametrize("sent", [{"kind": "call"}, {"kind": "fax", "text": "x"}, {"kind": "call", "text": "a" * 5001}])
def test_wrong_interaction_writes_nothing(sent, make_customer, client_as):
    customer = make_customer("Lin")

    assert client_as("service").post(url(customer, "customer_log"), sent).status_code == 422
    assert TimelineEntry.objects.filter(customer=customer).exclude(kind="customer_created").count() == 0


@pytest.mark.rule("PL-10")
def test_page_of_another_team_is_the_very_page_of_a_missing_one(make_customer, make_user, make_team, client_as):
    theirs = make_customer("Theirs", team=make_team("South"))
    client = client_as(make_user("sales", scope="team", team=make_team("North")))

    assert client.get(url(theirs)).status_code == 404


@pytest.mark.rule("CU-5", "CU-8")
def test_head_tells_at_a_glance_what_upper_apps_know(make_customer, client_as):
    customer, other = make_customer("Lin"), make_customer("Wong")
    now = clock.now()
    facts.push_facts("risk", {customer.pk: ("high", 78)}, now)
    facts.push_facts("open_tickets", {customer.pk: ("", 2), other.pk: ("", 0)}, now)
    facts.push_facts("nps", {customer.pk: ("detractor", 4)}, now)
    client = client_as("sales")

    shown = [(name, strip_tags(html).strip()) for name, html in client.get(url(customer)).context["badges"]]

    assert shown == [("Risk of leaving", "78"), ("", "2 open tickets"), ("Last NPS", "4")]
    assert client.get(url(other)).context["badges"] == []


@pytest.mark.rule("CU-10", "CU-11")
def test_orders_that_do_not_count_yet_are_shown_as_such(make_customer, make_order, client_as):
    customer = make_customer("Lin")
    make_order(customer, "50", number="PAID-1")
    make_order(customer, "80", number="OPEN-1", status="placed")
    make_order(customer, "900", number="YEN-1", currency="JPY")
    make_order(customer, "70", number="GONE-1", status="cancelled")
    client = client_as("sales")

    answer = client.get(url(customer))

    waiting = answer.context["waiting_orders"]
    assert [(order.number, order.total, order.counts) for order in waiting] == [
        ("YEN-1", 900, False),
        ("OPEN-1", 80, False),
    ]
    text = answer.content.decode()
    assert "Not paid yet" in text
    assert "Waiting for a rate" in text
    assert answer.context["summary"].net_spend == 50
