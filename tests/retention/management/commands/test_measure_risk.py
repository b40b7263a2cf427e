"""The command that measures the order of leavers: its figures, and what it refuses."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.kernel.time import clock


def test_command_prints_the_figures_and_says_what_it_does_not_know(db):
    out = StringIO()
    call_command("measure_risk", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "customers": 0,
        "leavers": 0,
        "shown": None,
        "recency": None,
        "usual_gap": None,
    }


def test_command_measures_up_to_a_day(make_customer, make_order):
    for days in ((200, 160, 120), (220, 160, 100, 20)):
        customer = make_customer()
        for day in days:
            make_order(customer, placed_at=clock.now() - timedelta(days=day))
    out = StringIO()

    call_command("measure_risk", "--until", str(clock.now().date()), "--held-back-days", "90", stdout=out)

    assert out.getvalue().splitlines()[:4] == ["customers: 2", "leavers: 1", "shown: 1.0000", "recency: 1.0000"]


@pytest.mark.parametrize(
    ("arguments", "named"), [(("--until", "2026-02-30"), "until"), (("--held-back-days", "0"), "held-back-days")]
)
def test_wrong_days_are_refused_by_name(db, arguments, named):
    with pytest.raises(CommandError, match=named):
        call_command("measure_risk", *arguments)
