"""How the figures of the overview came: from the nightly proofs, and from what left the ledger."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock, periods
from loyalty.account import overview_figures, trends
from loyalty.points import expiry, program_settings
from loyalty.points import selectors as ledger
from loyalty.points.models import EarningRule, LedgerProof


def prove(days: int, accounts: int, points: int) -> None:
    LedgerProof.objects.create(
        made_at=clock.now() - timedelta(days=days), accounts=accounts, points=points, seconds=0.1
    )


def test_change_is_counted_from_the_newest_night_that_is_a_quarter_old(db: None) -> None:
    for days, accounts, points in ((300, 10, 900), (91, 80, 1_000), (89, 90, 5_000), (1, 100, 900)):
        prove(days, accounts, points)

    members, held = trends.member_and_points_trends(clock.now())

    assert (members.values, members.change_text, members.direction, members.verdict) == (
        [10.0, 80.0, 90.0, 100.0],
        "25.0%",
        "up",
        "good",
    )
    assert (held.change_rate, held.direction) == (Decimal("-0.1"), "down")


@pytest.mark.parametrize(
    ("before", "now", "change"), [("0.2", "0.25", "5.0 pt"), ("0.2", "0.2", ""), (None, "0.2", "")]
)
def test_rates_change_in_points(before: str | None, now: str, change: str) -> None:
    moved = trends.rate_trend(Decimal(before) if before else None, Decimal(now))

    assert moved.change_text == change


def test_months_say_what_was_used_what_expired_and_what_will_end(
    programme: EarningRule, make_customer: Any, make_order: Any, make_user: Any
) -> None:
    now = clock.now()
    make_order(make_customer(), "100", placed_at=now - timedelta(days=400))
    make_order(make_customer(), "300", placed_at=now - timedelta(days=1))
    expiry.expire_points(now)

    chart = overview_figures.get_loyalty_overview(now, make_user()).chart
    used, expired, ends = (series.values for series in chart.series)

    assert (sum(value or 0 for value in used), sum(value or 0 for value in expired)) == (0, 100)
    assert sum(value or 0 for value in ends) == 300
    assert len(chart.x_labels) == len(used) == len(expired) == len(ends)


def test_past_months_end_with_the_running_one(db: None) -> None:
    months = [month for month, _used, _lapsed in trends.monthly_outflow()]

    assert len(months) == trends.MONTHS_PAST
    assert months[-1] == periods.first_of_month(clock.today(program_settings.program_time_zone()))
    assert months == sorted(months)


@pytest.mark.rule("LO-22")
def test_points_that_ended_stand_in_the_month_in_which_they_were_to_end(
    programme: EarningRule, make_customer: Any, make_order: Any, at: Any
) -> None:
    at("2026-03-10T10:00:00+08:00")
    make_order(make_customer(), "100")
    month, _points = next(row for row in ledger.outstanding_points_by_month(clock.now()))
    at("2027-04-02T02:00:00+08:00")
    expiry.expire_points(clock.now())

    outflow = ledger.points_outflow_by_month(date(2026, 11, 1))

    assert (month, outflow) == (date(2027, 3, 1), {date(2027, 3, 1): (0, 100)})
