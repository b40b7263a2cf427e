"""The example company: the same by seed, consistent in its books, with something on every list, and quiet afterwards."""

import io
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.urls import reverse

from crm.kernel.api.models import ApiKey
from crm.kernel.auth.models import User
from crm.kernel.background.events.models import EventDelivery
from crm.kernel.time import clock
from crm.tools.demo import at_risk_backfill, example_customers, order_history
from customers.importing.models import Import
from customers.messaging.models import OutboundMessage
from customers.orders import summaries
from customers.orders.models import Order
from customers.profiles.models import Customer
from feedback.tickets.models import Ticket
from loyalty.points import ledger_check
from loyalty.points.models import LedgerEntry
from retention.care import planner
from retention.reports.models import AtRiskDay
from tests.house.gallery import PAGE, QUERIES_AT_MOST
from tests.house.test_pages import queries

LISTS = [
    "customers:customer_list", "customers:order_list", "customers:product_list", "feedback:ticket_list",
    "feedback:survey_list", "retention:program_list",
]  # fmt: skip


def diary(seed: int, count: int, now: object) -> list[object]:
    """Everything that is drawn for some customers: who they are, when they buy and what."""
    return [
        (
            person,
            [
                order_history.draw_order(seed, person, person.number, at, 1)
                for at in order_history.purchase_times(seed, person, now)
            ],
        )
        for person in example_customers.draw_customers(seed, count, now)
    ]


@pytest.mark.rule("PL-4")
def test_same_seed_draws_the_same_company(db):
    now = clock.now()

    assert diary(7, 60, now) == diary(7, 60, now)
    assert diary(7, 60, now) != diary(8, 60, now)


def test_customer_does_not_depend_on_how_many_there_are(db):
    now = clock.now()
    few = {person.number: person for person in example_customers.draw_customers(7, 20, now)}
    many = {person.number: person for person in example_customers.draw_customers(7, 60, now)}

    assert {number: many[number] for number in few} == few


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.rule("PL-4")
@pytest.mark.django_db(transaction=True)
def test_company_is_the_same_at_every_hour_of_a_day(at):
    companies = []
    for hour in ("00:20", "21:50"):
        call_command("flush", interactive=False)  # rows are numbered from one again, as in a fresh installation
        at(f"2026-03-14T{hour}:00+08:00")
        call_command(
            "demo", customers=60, seed=5, password="mountain-mist-9", stdout=io.StringIO(), stderr=io.StringIO()
        )
        companies.append(books())

    assert companies[0] == companies[1]
    assert [len(rows) > 50 for rows in companies[0]] == [True] * 3


def books() -> list[list[object]]:
    """Who there is, what they bought, and every change of their points."""
    return [
        list(Customer.objects.order_by("pk").values_list("display_name", "email", "birth_month", "created_at")),
        list(Order.objects.order_by("source", "number").values_list("number", "customer__email", "placed_at", "total")),
        list(LedgerEntry.objects.order_by("pk").values_list("account__customer__email", "kind", "points", "at")),
    ]


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.rule("PL-4")
def test_example_company_is_whole(db, client_as):
    out = io.StringIO()
    call_command("demo", customers=150, seed=3, password="mountain-mist-9", json=True, stdout=out, stderr=io.StringIO())
    answer = json.loads(out.getvalue())

    assert (answer["customers"], answer["orders"]) == (150, Order.objects.count())
    assert Order.objects.count() > 300
    assert summaries.customers_with_wrong_summary() == []
    assert ledger_check.record_ledger_proof(clock.now()).differences == []
    assert {each["role"] for each in answer["users"]} == set(User.objects.values_list("role", flat=True).distinct())
    assert User.objects.get(email="manager@shanlan.example").check_password("mountain-mist-9")
    assert set(Customer.objects.values_list("language", flat=True)) == {"en", "zh-hans", "zh-hant"}
    states = Counter(Ticket.objects.values_list("state", flat=True))
    assert set(states) == {"new", "open", "pending", "on_hold", "solved", "closed"}

    assert not EventDelivery.objects.filter(state="due").exists()
    assert OutboundMessage.objects.filter(state="queued").count() < 5
    entered = planner.plan_due_programs(clock.now())
    assert sum(each.eligible for each in entered.values()) < 10

    assert set(Import.objects.values_list("state", flat=True)) == {"uploaded", "checked", "done"}
    assert ApiKey.objects.exclude(revoked_at=None).count() == 1
    assert AtRiskDay.objects.count() == at_risk_backfill.BACKFILL_DAYS + 1

    client = client_as(User.objects.get(email="service@shanlan.example"))
    for name in LISTS:
        page = client.get(reverse(name))
        assert page.status_code == 200
        assert name == "feedback:ticket_list" or b"eg-empty" not in page.content, name
    tickets = client.get(reverse("feedback:ticket_list"))
    assert len(tickets.context["page"].rows) > 1

    boss = client_as(User.objects.get(email="admin@shanlan.example"))
    assert [(url, found) for url in fullest_pages() if (found := len(queries(boss, url))) > QUERIES_AT_MOST[PAGE]] == []

    with pytest.raises(CommandError, match="already"):
        call_command("demo", customers=10, force=True)


def fullest_pages() -> list[str]:
    """The dashboards, and those customers and requests around which most has happened: every panel has something to say."""
    busiest = Customer.objects.annotate(n=Count("facts")).order_by("-n", "pk")[:8]
    requests = Ticket.objects.filter(customer__in=[each.pk for each in busiest])[:8]
    return [
        reverse("retention:dashboard"),
        reverse("loyalty:overview"),
        reverse("customers:today"),
        *(reverse("customers:customer", args=[each.public_id]) for each in busiest),
        *(reverse("feedback:ticket", args=[each.public_id]) for each in requests),
    ]


def test_real_customers_are_not_mixed_with_an_example(make_customer):
    make_customer()

    with pytest.raises(CommandError, match="1 customers here already"):
        call_command("demo", customers=10)

    assert Customer.objects.count() == 1
