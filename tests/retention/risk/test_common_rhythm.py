"""The rhythm of the company: counted over everybody, known from ten customers on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.kernel.time import clock
from retention.risk import common_rhythm
from retention.risk.models import CompanyRhythm


@pytest.fixture
def buyers(make_customer, make_order):
    """So many customers who bought on these days before now, for ¥90 each time."""

    def make(count, *days):
        for _buyer in range(count):
            customer = make_customer()
            for day in days:
                make_order(customer, "90", placed_at=clock.now() - timedelta(days=day))

    return make


@pytest.mark.rule("RM-22")
def test_gap_is_the_median_of_the_own_ones_and_the_pace_is_everybodys(buyers):
    buyers(4, 60, 40, 20)
    buyers(6, 80, 45, 10)
    buyers(1, 100)

    rhythm = common_rhythm.count_common_rhythm(clock.now())

    # 4 × 60 + 6 × 80 + 100 days of being a customer, in which 20 further days of purchase fall.
    assert (rhythm.gap_days, rhythm.ranking_gap_days, rhythm.pace_days) == (35, 35, 41)
    assert rhythm.day_spend == 90
    assert common_rhythm.get_common_rhythm() == rhythm


@pytest.mark.rule("RM-22")
def test_who_counts_as_lost_ceases_to_be_a_customer(buyers):
    buyers(10, 60, 40, 20)
    buyers(1, 1000)

    rhythm = common_rhythm.count_common_rhythm(clock.now())

    assert rhythm.pace_days == round(Decimal(10 * 60 + 365) / 20, 2)


def test_fewer_than_ten_rhythms_are_none_and_are_looked_at_again_after_a_while(buyers):
    now = clock.now()
    buyers(9, 60, 40, 20)
    first = common_rhythm.ensure_common_rhythm(now)
    buyers(1, 60, 40, 20)

    soon = common_rhythm.ensure_common_rhythm(now + timedelta(minutes=9))
    later = common_rhythm.ensure_common_rhythm(now + timedelta(minutes=10))

    assert (first, soon, later.gap_days) == (None, None, 20)


def test_known_rhythm_is_read_and_not_counted_again(buyers):
    buyers(10, 60, 40, 20)
    now = clock.now()
    common_rhythm.count_common_rhythm(now)

    common_rhythm.ensure_common_rhythm(now + timedelta(days=1))

    assert CompanyRhythm.objects.get().counted_at == now
