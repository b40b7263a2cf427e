"""At risk: quiet for twice one's own gap, still active, with at least two orders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel import clock
from customers.profiles.models import CustomerFact
from retention.reports import services as reports
from retention.risk import rules, selectors, services


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

    found = list(selectors.at_risk(clock.now()))

    assert [row.customer_id for row in found] == [late.pk]
    assert selectors.totals(clock.now())[0] == selectors.ids(clock.now()).count() == 1
    assert abs(found[0].value_at_risk - Decimal(100) * 365 / 30) < 1


@pytest.mark.rule("CU-8")
def test_levels_are_pushed_down_and_taken_back(rhythm, make_order):
    customer = rhythm("late", gap=30, quiet=100)
    reports.count_at_risk(at=clock.now())
    before = CustomerFact.objects.get(customer=customer, kind="risk")

    make_order(customer)
    services.push_levels(at=clock.now())

    assert (before.value, before.number) == ("high", 70)
    assert not CustomerFact.objects.filter(kind="risk").exists()


@pytest.mark.rule("S16")
def test_the_days_count_is_kept_once(rhythm):
    rhythm("late", gap=30, quiet=70)

    reports.count_at_risk(at=clock.now())
    row = reports.count_at_risk(at=clock.now())

    assert row.customers == 1
    assert type(row).objects.count() == 1


def test_part_of_a_day_counts_for_the_level_and_is_not_shown():
    risk = rules.risk(Decimal("98.6"), Decimal("49"))

    assert (risk.level, risk.quiet_days, risk.score) == (rules.Level.MID, 98, 50)


@given(quiet=st.integers(0, 5000), gap=st.decimals(0, 1000, places=2))
def test_score_grows_with_the_ratio_and_stays_in_bounds(quiet, gap):
    risk = rules.risk(quiet, gap)

    assert 0 <= risk.score <= 99
    assert rules.risk(quiet + 30, gap).score >= risk.score
    assert (risk.level is rules.Level.LOW) == (risk.ratio < rules.AT_RISK)
