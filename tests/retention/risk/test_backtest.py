"""The shown order of leavers is measured on the company's own past: no worse than plain recency."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from crm.kernel import company
from crm.kernel.time import clock
from customers.importing import services as importing
from retention.risk import backtest
from tests.shared import SUPERSTORE, needs_superstore


@pytest.fixture
def buyer(make_customer, make_order):
    """A customer who bought so many days before now."""

    def make(*days):
        customer = make_customer()
        for day in days:
            make_order(customer, placed_at=clock.now() - timedelta(days=day))

    return make


def test_leavers_are_ranked_by_what_was_known_before_the_held_back_days(buyer):
    buyer(200, 160, 120)  # left: quiet for 30 days when the held-back ones begin, their gap is 40
    buyer(220, 160, 100, 20)  # stayed: quiet for 10, gap 60
    buyer(112, 104, 96, 5)  # stayed: quiet for 6, gap 8
    buyer(95)  # no rhythm yet, and the company has none
    buyer(60)  # no customer yet
    buyer(500, 490, 480)  # lost before

    quality = backtest.measure_ranking(clock.now())

    assert (quality.customers, quality.leavers) == (3, 1)
    # By gaps the weekly buyer seems as late as the one who left; by days the leaver comes first.
    assert (quality.recency, quality.usual_gap) == (1, Decimal("0.5"))


@pytest.mark.rule("RM-22")
@pytest.mark.django_db
@needs_superstore
def test_real_leavers_rank_no_worse_than_by_recency():
    company.change_settings(company.CompanySettings, {"base_currency": "USD"}, by=None)
    file = ContentFile(SUPERSTORE.read_bytes())
    batch = importing.create_import(
        file=file, name="superstore.csv", kind="orders", preset="superstore", at=clock.now()
    )
    importing.execute_import(batch=batch, at=clock.now())

    for until, held_back_days in (("2018-01-01", "90"), ("2018-01-01", "180"), ("2017-04-01", "365")):
        out = StringIO()
        call_command("measure_risk", "--until", until, "--held-back-days", held_back_days, "--json", stdout=out)
        quality = json.loads(out.getvalue())

        assert quality["customers"] > 300
        assert quality["leavers"] > 50
        assert quality["shown"] == quality["recency"]
