"""Exchange rates: an order without one waits and says so; once one is stored, it counts and all figures follow."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache

from crm.kernel.audit.models import AuditEntry
from crm.kernel.background.jobs import job_runner
from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from customers.orders import exchange_rates, summaries
from customers.orders.models import CustomerSummary, ExchangeRate, Order
from customers.orders.rules import BadOrder
from loyalty import defaults
from loyalty.points.ledger_check import verify_ledger
from loyalty.points.models import PointsAccount
from retention.metrics import selectors, windows

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-10", "S94")]
DAY = "2026-03-10T12:00:00+08:00"


@pytest.fixture
def programme(db):
    """Points as on a fresh installation."""
    cache.clear()
    defaults.ensure_loyalty_program()
    yield
    cache.clear()


@pytest.fixture
def foreign(programme, make_customer, make_order, at):
    """A live order of 1,000 JPY without a rate."""
    at(DAY)
    return make_order(make_customer(), "1000", currency="JPY")


def store(make_user, rate="0.05", day="2026-01-01", currency="JPY"):
    exchange_rates.store_rate(currency=currency, day=date.fromisoformat(day), rate=Decimal(rate), by=make_user("admin"))
    job_runner.run_waiting_jobs(clock.now())


@pytest.mark.rule("CU-10")
def test_order_without_a_rate_counts_nowhere_and_is_named(foreign):
    assert (foreign.rate_is_known, foreign.counts) == (False, False)
    summary = CustomerSummary.objects.get()
    assert (summary.orders, summary.net_spend, summary.last_order_at) == (0, 0, None)
    assert [(each["currency"], each["orders"]) for each in exchange_rates.missing_rates()] == [("JPY", 1)]


def test_stored_rate_reaches_order_summary_points_and_figures(foreign, make_user):
    year = windows.metric_window(Period(date(2026, 1, 1), date(2027, 1, 1)))
    before = selectors.metrics_report(year)["net_revenue"]

    store(make_user)

    order = Order.objects.get()
    assert (order.base_rate, order.rate_is_known) == (Decimal("0.05"), True)
    assert CustomerSummary.objects.get().net_spend == Decimal(50)
    assert PointsAccount.objects.get().posted == 50
    assert (Decimal(before), Decimal(selectors.metrics_report(year)["net_revenue"])) == (0, 50)
    assert (exchange_rates.missing_rates(), summaries.customers_with_wrong_summary(), verify_ledger().differences) == (
        [],
        [],
        [],
    )
    assert AuditEntry.objects.get(action="rate.stored").after == {
        "currency": "JPY",
        "day": "2026-01-01",
        "rate": "0.05",
    }


def test_rate_above_one_gives_the_points_that_were_missing(programme, make_customer, make_order, make_user, at):
    at(DAY)
    make_order(make_customer(), "100", currency="USD")

    store(make_user, rate="7.1", currency="USD")

    assert PointsAccount.objects.get().posted == 710
    assert verify_ledger().differences == []


def test_each_order_has_the_newest_rate_of_its_local_day(make_customer, make_order, make_user):
    for day, rate in (("2026-01-01", "7"), ("2026-02-01", "8")):
        ExchangeRate.objects.create(currency="USD", day=day, rate=rate)
    customer = make_customer()
    placed = {
        "2025-12-31T23:59:00+08:00": (1, False),
        "2026-01-01T00:01:00+08:00": (7, True),
        "2026-01-31T23:59:00+08:00": (7, True),
        "2026-02-01T00:01:00+08:00": (8, True),
    }

    found = {at: make_order(customer, "1", currency="USD", placed_at=at) for at in map(datetime.fromisoformat, placed)}

    assert [(order.base_rate, order.rate_is_known) for order in found.values()] == list(placed.values())


def test_rate_before_all_orders_leaves_those_of_later_rates_alone(make_customer, make_order, make_user):
    ExchangeRate.objects.create(currency="USD", day="2026-02-01", rate=8)
    customer = make_customer()
    early = make_order(customer, "1", currency="USD", placed_at=datetime.fromisoformat("2026-01-15T00:00:00+08:00"))
    later = make_order(customer, "1", currency="USD", placed_at=datetime.fromisoformat("2026-02-15T00:00:00+08:00"))

    store(make_user, rate="7", currency="USD")

    rates_now = dict(Order.objects.values_list("pk", "base_rate"))
    assert rates_now == {early.pk: 7, later.pk: 8}


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("code", ["ZZZ", "yen", "", "XXX", "DEM"])
def test_what_is_no_currency_is_refused_and_nothing_is_written(make_customer, make_order, code):
    with pytest.raises(BadOrder, match=r"currency: (must be|DEM was no)"):
        make_order(make_customer(), currency=code)

    assert not Order.objects.exists()


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"currency": "ZZZ"}, "currency"),
        ({"currency": "XTS"}, "currency"),
        ({"currency": "DEM"}, "currency"),
        ({"currency": "CNY"}, "currency"),
        ({"rate": "0"}, "rate"),
        ({"day": "2026-02-30"}, "day"),
    ],
)
def test_page_refuses_by_field(client_as, data, field):
    answer = client_as("admin").post("/rates/", {"currency": "USD", "day": "2026-01-01", "rate": "7.1", **data})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ExchangeRate.objects.exists()


def test_page_stores_a_rate_and_leads_to_the_job(client_as, foreign):
    answer = client_as("admin").post("/rates/", {"currency": "jpy", "day": "2026-01-01", "rate": "0.05"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/jobs/")
    assert ExchangeRate.objects.get().currency == "JPY"


def test_dashboard_says_what_waits_for_a_rate(client_as, foreign):
    page = client_as("admin").get("/retention/").content.decode()

    assert "Orders in JPY (1) wait for a rate" in page
