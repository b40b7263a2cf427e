"""Scoring: who is at risk, pushed down as a fact, counted by night."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.kernel.background.events import delivery
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.profiles import services as profiles
from customers.profiles.models import CustomerFact
from retention.reports import services as reports
from retention.risk import selectors, services
from retention.risk.models import RiskScore


def events_delivered():
    delivery.deliver_due_events(clock.now() + timedelta(seconds=1))


@pytest.fixture
def rhythm(make_customer, make_order):
    """A customer whose orders lie `gap` days apart and who has been quiet for `quiet` days."""

    def make(name, gap, quiet, orders=3, total="100"):
        customer, now = make_customer(name), clock.now()
        for number in range(orders):
            make_order(customer, total, placed_at=now - timedelta(days=quiet + gap * number, minutes=5))
        return customer

    return make


@pytest.mark.rule("RM-22")
@pytest.mark.rule("S88")
def test_only_those_late_by_their_own_rhythm_are_at_risk(rhythm):
    late = rhythm("late", gap=30, quiet=70)
    rhythm("in time", gap=60, quiet=70)
    rhythm("once only", gap=1, quiet=70, orders=1)
    rhythm("gone for good", gap=30, quiet=400)
    rhythm("daily buyer, five days quiet", gap=1, quiet=5)

    services.score_customers(at=clock.now())

    found = list(selectors.risk_scores_by_value())
    assert [row.customer_id for row in found] == [late.pk]
    assert selectors.risk_totals().customers == selectors.at_risk_customer_ids().count() == 1
    assert abs(found[0].value - Decimal(100) * 365 / 30) < 1
    assert (found[0].level, found[0].ratio) == ("mid", Decimal("2.33"))


@pytest.fixture
def regulars(rhythm):
    """Ten customers who buy every thirty days: enough for a rhythm of the company."""
    return [rhythm(f"regular {number}", gap=30, quiet=5) for number in range(10)]


@pytest.mark.rule("RM-22")
@pytest.mark.rule("CU-8")
def test_two_orders_of_one_day_are_no_rhythm(make_customer, make_order):
    customer, day = make_customer(), clock.now() - timedelta(days=61)
    make_order(customer, "100", placed_at=day)
    make_order(customer, "100", placed_at=day + timedelta(hours=1))

    services.score_customers(at=clock.now())

    assert (customer.summary.orders, customer.summary.purchase_days, customer.summary.gap_days) == (2, 1, None)
    assert not RiskScore.objects.exists()


@pytest.mark.rule("RM-22")
@pytest.mark.parametrize("purchase_days", [1, 2])
def test_who_has_no_rhythm_is_late_by_the_companys_and_not_worth_most(regulars, rhythm, make_order, purchase_days):
    faithful = rhythm("faithful", gap=30, quiet=70, orders=12)
    for number in range(10):
        rhythm(f"came once {number}", gap=1, quiet=400, orders=1)
    hasty = rhythm("hasty", gap=1, quiet=61, orders=purchase_days)
    make_order(hasty, "100", placed_at=clock.now() - timedelta(days=61, minutes=50))
    rhythm("in time", gap=1, quiet=59, orders=purchase_days)

    services.score_customers(at=clock.now())

    scores = {score.customer_id: score for score in selectors.risk_scores_by_value()}
    assert list(scores) == [faithful.pk, hasty.pk]
    assert (scores[hasty.pk].gap_days, scores[hasty.pk].is_own_gap, scores[hasty.pk].level) == (30, False, "mid")
    assert (scores[faithful.pk].gap_days, scores[faithful.pk].is_own_gap) == (30, True)
    assert scores[hasty.pk].value < 700 < 900 < scores[faithful.pk].value


@pytest.mark.rule("RM-22")
def test_late_customers_rank_by_the_days_since_their_last_purchase(regulars, rhythm):
    weekly, monthly = rhythm("weekly", gap=7, quiet=65), rhythm("monthly", gap=30, quiet=66)

    services.score_customers(at=clock.now())

    assert list(RiskScore.objects.order_by("-ratio").values_list("customer", flat=True)) == [monthly.pk, weekly.pk]


@pytest.mark.rule("CU-8")
def test_levels_are_pushed_down_and_taken_back(rhythm, make_order):
    customer = rhythm("late", gap=30, quiet=100)
    reports.record_at_risk_day(at=clock.now())
    before = CustomerFact.objects.get(customer=customer, kind="risk")

    make_order(customer)
    events_delivered()

    assert (before.value, before.number) == ("high", 76)
    assert not CustomerFact.objects.filter(kind="risk").exists()
    assert not RiskScore.objects.exists()


@pytest.mark.rule("RM-22")
def test_undone_order_brings_the_risk_back(rhythm, make_order, make_user):
    customer = rhythm("late", gap=30, quiet=70)
    fresh = make_order(customer)
    services.score_customers(at=clock.now())
    before = RiskScore.objects.count()

    orders.cancel_order(order=fresh, at=clock.now())
    events_delivered()

    assert (before, RiskScore.objects.get().customer_id) == (0, customer.pk)


@pytest.mark.rule("RM-7")
def test_archived_customer_is_neither_counted_nor_listed(rhythm, make_user):
    customer = rhythm("late", gap=30, quiet=70)
    services.score_customers(at=clock.now())
    before = selectors.risk_totals().customers

    profiles.archive_customer(customer=customer, at=clock.now(), by=make_user())
    events_delivered()

    assert (before, selectors.risk_totals().customers) == (1, 0)


def test_scoring_some_leaves_the_others_alone(rhythm):
    first, second = rhythm("first", gap=30, quiet=70), rhythm("second", gap=30, quiet=90)
    services.score_customers(at=clock.now(), customer_ids=[first.pk])
    services.score_customers(at=clock.now(), customer_ids=[second.pk])

    assert set(RiskScore.objects.values_list("customer", flat=True)) == {first.pk, second.pk}


@pytest.mark.rule("S16")
def test_the_days_count_is_kept_once(rhythm):
    rhythm("late", gap=30, quiet=70)

    reports.record_at_risk_day(at=clock.now())
    row = reports.record_at_risk_day(at=clock.now())

    assert row.customers == 1
    assert type(row).objects.count() == 1
