"""Who has lapsed: after fixed days or by the usual gap, once per lapse, and not who left long ago."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.kernel.time import clock
from retention.care import planner
from retention.care.models import Enrollment
from retention.risk import services as risk


def plan():
    """One tick of the planner."""
    return planner.plan_due_programs(clock.now())


@pytest.mark.rule("RC-5", "S77")
def test_lapsed_enters_once_per_lapse(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    reader = make_reader()
    first = make_order(reader)
    at("2026-03-31T10:00:00+08:00")
    turn_on("lapsed-buyer", lapse_days=90)
    plan()
    at("2026-04-01T10:00:00+08:00")
    plan()
    at("2026-04-10T10:00:00+08:00")
    plan()
    second = make_order(reader)
    for day in range(95):
        at(datetime(2026, 4, 11, 3, tzinfo=UTC) + timedelta(days=day))
        plan()

    keys = Enrollment.objects.order_by("entered_at").values_list("occasion_key", "occasion_on")
    assert list(keys) == [(f"lapse:order-{first.pk}", date(2026, 4, 1)), (f"lapse:order-{second.pk}", date(2026, 7, 9))]


@pytest.mark.rule("RC-5")
def test_lapse_by_own_gap_uses_the_fixed_days_for_new_buyers(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    regular, new = make_reader("Regular"), make_reader("New")
    at("2026-01-21T12:00:00+08:00")
    for day in (0, 10, 20):
        make_order(regular, placed_at=datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day))
    make_order(new, placed_at=datetime(2026, 1, 21, 3, tzinfo=UTC))
    turn_on("lapsed-buyer", mode="own_gap", gap_factor="2.5", lapse_days=90)

    for day in range(92):
        at(datetime(2026, 1, 22, 3, tzinfo=UTC) + timedelta(days=day))
        plan()

    found = dict(Enrollment.objects.values_list("customer__display_name", "occasion_on"))
    assert found == {"Regular": date(2026, 2, 15), "New": date(2026, 4, 21)}


@pytest.mark.rule("RC-5")
def test_lapse_by_usual_gap_takes_the_companys_for_who_has_none(at, make_reader, make_order, turn_on):
    at("2026-01-01T10:00:00+08:00")
    regulars, new = [make_reader(f"Regular {number}") for number in range(10)], make_reader("New")
    at("2026-01-21T12:00:00+08:00")
    for regular in regulars:
        for day in (0, 10, 20):
            make_order(regular, placed_at=datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day))
    for hour in (2, 3):
        make_order(new, placed_at=datetime(2026, 1, 21, hour, tzinfo=UTC))
    risk.score_customers(at=clock.now())
    turn_on("lapsed-buyer", mode="own_gap", gap_factor="2.5", lapse_days=90)

    at("2026-02-14T12:00:00+08:00")
    before = plan()["lapsed-buyer"].eligible
    at("2026-02-15T12:00:00+08:00")
    plan()

    assert before == 0
    assert set(Enrollment.objects.values_list("occasion_on", flat=True)) == {date(2026, 2, 15)}
    assert Enrollment.objects.filter(customer=new).count() == 1


@pytest.mark.rule("RC-5")
def test_who_left_long_ago_is_left_alone(at, make_reader, make_order, turn_on):
    at("2025-01-01T10:00:00+08:00")
    make_order(make_reader())
    at("2026-03-31T10:00:00+08:00")
    turn_on("lapsed-buyer", lapse_days=90, within_days=30)

    assert plan()["lapsed-buyer"].eligible == 0
