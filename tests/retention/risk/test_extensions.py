"""The risk on the customer page: how late, why, what is at stake; nothing is made up for who has no rhythm."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from customers.profiles.models import Customer
from customers.workspace import list_columns, selectors
from retention.risk import extensions, services


@pytest.fixture
def quiet_for(make_customer, make_order):
    """A customer who bought on these days before now, read again with their summary."""

    def make(*days):
        customer, now = make_customer(), clock.now()
        for day in days:
            make_order(customer, "100", placed_at=now - timedelta(days=day, minutes=5))
        services.score_customers(at=now)
        return Customer.objects.get(pk=customer.pk)

    return make


@pytest.mark.rule("RM-22")
def test_late_customer_is_shown_with_reason_and_stake(quiet_for):
    customer = quiet_for(130, 100, 70)

    said, call = extensions.risk_panel_context(customer, None), extensions.contact_panel_context(customer, None)

    assert (said["level"], said["gone"], said["reason"]) == ("mid", False, "70 days quiet, usually buys every 30")
    assert (said["late_after"], said["high_after"]) == (60, 90)
    assert call["reason"] == said["reason"]
    assert call["worth"] == said["worth"]
    assert round(said["worth"]) == round(100 * 365 / 30)


def test_customer_on_time_is_at_low_risk_and_left_in_peace(quiet_for):
    customer = quiet_for(70, 40, 10)

    assert extensions.risk_panel_context(customer, None)["level"] == "low"
    assert extensions.contact_panel_context(customer, None) is None


@pytest.mark.rule("RM-22")
def test_who_has_no_rhythm_is_shown_by_the_companys(quiet_for):
    for _regular in range(10):
        quiet_for(65, 35, 5)
    customer = quiet_for(70)

    context = extensions.risk_panel_context(customer, None)

    assert (context["level"], context["reason"]) == ("mid", "70 days quiet, customers usually buy every 30")
    assert (context["late_after"], context["high_after"]) == (60, 90)


def test_gone_customer_is_called_gone_and_not_at_risk(quiet_for):
    said = extensions.risk_panel_context(quiet_for(460, 430, 400), None)

    assert (said["gone"], said["score"]) == (True, None)


@pytest.mark.parametrize("days", [(70,), (70, 69)])
def test_who_bought_on_fewer_than_three_days_has_no_rhythm(quiet_for, days):
    customer = quiet_for(*days)

    assert extensions.risk_panel_context(customer, None) is None
    assert extensions.contact_panel_context(customer, None) is None


@pytest.mark.parametrize(
    ("days", "word"),
    [((70, 40, 10), "low"), ((130, 100, 70), "70"), ((460, 430, 400), "Gone"), ((70, 69), list_columns.NOTHING)],
)
def test_list_says_the_risk_of_everybody_who_has_a_rhythm(quiet_for, days, word):
    customer = quiet_for(*days)

    row = selectors.customer_list_rows(Customer.objects.filter(pk=customer.pk)).get()

    assert word in list_columns.fact_cell(row, "risk")
