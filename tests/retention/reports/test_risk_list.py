"""The list of customers at risk: its order, its reasons, and how the count came."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from crm.kernel.time import clock
from retention.reports import risk_list
from retention.reports.models import AtRiskDay
from retention.risk import selectors, services


@pytest.fixture
def late(make_customer, make_order):
    """A customer thirty days from one purchase to the next, quiet for so many."""

    def make(name, quiet, total, **fields):
        customer = make_customer(name, **fields)
        for back in (0, 30, 60):
            make_order(customer, total, placed_at=clock.now() - timedelta(days=quiet + back, minutes=5))
        return customer

    return make


def names(rows):
    return [row.customer.display_name for row in rows]


@pytest.mark.rule("RM-22")
def test_list_is_by_value_or_by_the_days_quiet(late, make_user):
    late("large", 70, 900), late("quietest", 120, 50), late("middling", 90, 300)
    services.score_customers(at=clock.now())
    manager = make_user("manager")

    _page, by_value = risk_list.risk_page(clock.now(), manager, None, None)
    _page, by_risk = risk_list.risk_page(clock.now(), manager, "-ratio", None)

    assert names(by_value) == ["large", "middling", "quietest"]
    assert names(by_risk) == ["quietest", "middling", "large"]
    assert (by_risk[0].reason, by_risk[0].orders) == ("120 days quiet, usually buys every 30", 3)
    assert names(risk_list.most_valuable_rows(clock.now(), manager, 1)) == ["large"]


@pytest.mark.rule("RM-7")
def test_sums_are_of_the_customers_in_the_readers_scope(late, make_user):
    sales = make_user("sales", scope="own")
    late("mine", 100, 100, owner=sales), late("another's", 100, 900, owner=make_user("sales"))
    services.score_customers(at=clock.now())

    totals = risk_list.visible_risk_totals(sales)

    assert (totals.customers, totals.high) == (1, 1)
    assert selectors.risk_totals().customers == 2


def test_history_is_read_by_the_week_and_compared_with_its_first_day(db):
    for back in range(15):
        AtRiskDay.objects.create(
            day=date(2026, 5, 17) - timedelta(days=back),
            customers=100 - back,
            value=Decimal(back),
            counted_at=clock.now(),
        )

    history = risk_list.at_risk_history()

    assert (history.customer_counts, history.values) == ([86, 93, 100], [14.0, 7.0, 0.0])
    assert (history.since, history.change, history.direction, history.verdict) == (date(2026, 5, 3), "14", "up", "bad")


def test_history_of_one_night_is_no_change(db):
    AtRiskDay.objects.create(day=date(2026, 5, 17), customers=3, value=Decimal(1), counted_at=clock.now())

    assert (risk_list.at_risk_history().since, risk_list.at_risk_history().change) == (None, "")


def test_figures_above_the_list_are_its_sums(db):
    totals = selectors.RiskTotals(1234, 56, Decimal("7890.5"), None)

    with override("en"):
        figures = risk_list.at_risk_figures(totals, None)

    assert [figure.value for figure in figures] == ["1,234", "56", "¥7,891"]
    assert figures[1].url.endswith("?risk=high")
