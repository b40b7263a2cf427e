"""Who enters, when by the local clock, once per occasion."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from retention.care import planner, step_runner
from retention.care.models import CareProgram, Enrollment, ProgramRun


def plan():
    """One tick, as the minute does it."""
    now = clock.now()
    entered = planner.plan_due_programs(now)
    step_runner.run_due_steps(now)
    return entered


def entered_at_each_hour(at, start: str, hours: int) -> list[str]:
    """Tick every hour; the hours in which somebody entered."""
    begin, found = datetime.fromisoformat(start).astimezone(UTC), []
    for hour in range(hours + 1):
        before = Enrollment.objects.count()
        at(begin + timedelta(hours=hour))
        plan()
        found += [(begin + timedelta(hours=hour)).strftime("%m-%d %H:%M")] * (Enrollment.objects.count() - before)
    return found


@pytest.mark.rule("RC-3", "RC-4")
def test_birthday_is_greeted_once_on_the_local_day(at, make_reader, turn_on):
    at("2026-03-09T00:00:00+08:00")
    reader = make_reader("林嘉怡", birthday=(3, 10))
    turn_on("birthday")

    found = entered_at_each_hour(at, "2026-03-09T00:00:00+08:00", 72)

    enrollment = Enrollment.objects.get()
    assert found == ["03-10 01:00"]  # 09:00 in Shanghai
    assert (enrollment.customer, enrollment.occasion_key, enrollment.occasion_on) == (
        reader,
        "birthday:2026",
        date(2026, 3, 10),
    )
    assert OutboundMessage.objects.get().occasion_key == "birthday:2026"


@pytest.mark.rule("RC-4", "S74")
@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Pacific/Auckland", "07-14 21:00"),
        ("Pacific/Kiritimati", "07-14 19:00"),  # UTC+14
        ("Pacific/Pago_Pago", "07-15 20:00"),  # UTC−11
        ("America/New_York", "07-15 13:00"),
        ("", "07-15 01:00"),  # the company's
        ("Mars/Olympus", "07-15 01:00"),  # a zone that no computer knows
    ],
)
def test_birthday_of_15_july_begins_where_the_customer_is(at, make_reader, turn_on, zone, instant):
    at("2026-07-13T00:00:00Z")
    make_reader(birthday=(7, 15), time_zone=zone)
    turn_on("birthday")

    assert entered_at_each_hour(at, "2026-07-13T00:00:00Z", 96) == [instant]


def days_near_birthdays(*years: int) -> list[date]:
    """Every day around the two birthdays, every tenth of the others."""
    days = [date(year, 1, 1) + timedelta(days=n) for year in years for n in range(365)]
    return [
        day
        for n, day in enumerate(days)
        if day.month == 2 or date(day.year, 9, 10) <= day <= date(day.year, 10, 8) or n % 10 == 0
    ]


@pytest.mark.rule("RC-3", "S74")
def test_three_simulated_years_give_three_greetings(at, make_reader, turn_on):
    at("2025-12-31T10:00:00+08:00")
    make_reader("Leap Day", birthday=(2, 29))
    make_reader("林嘉怡", birthday=(8, 15), birthday_calendar="lunar")
    turn_on("birthday")

    for day in days_near_birthdays(2026, 2027, 2028):
        at(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
        plan()

    greeted = Enrollment.objects.order_by("customer", "occasion_on").values_list("occasion_key", "occasion_on")
    assert list(greeted) == [
        ("birthday:2026", date(2026, 2, 28)),
        ("birthday:2027", date(2027, 2, 28)),
        ("birthday:2028", date(2028, 2, 29)),
        ("birthday:2026", date(2026, 9, 25)),
        ("birthday:2027", date(2027, 9, 15)),
        ("birthday:2028", date(2028, 10, 3)),
    ]
    assert OutboundMessage.objects.count() == 6


@pytest.mark.rule("RC-4")
def test_birthday_imported_today_greets_until_the_evening(at, make_reader, turn_on):
    at("2026-03-10T08:00:00+08:00")
    turn_on("birthday")
    at("2026-03-10T19:30:00+08:00")
    plan()
    make_reader("In time", birthday=(3, 10))
    at("2026-03-10T19:45:00+08:00")
    plan()
    at("2026-03-10T20:01:00+08:00")
    plan()
    make_reader("Too late", birthday=(3, 10))
    at("2026-03-10T20:30:00+08:00")
    plan()
    at("2026-03-11T10:00:00+08:00")
    plan()

    assert [each.customer.display_name for each in Enrollment.objects.all()] == ["In time"]


@pytest.mark.rule("RC-4")
def test_days_of_a_stopped_planner_are_caught_up_once_within_the_window(at, make_reader, turn_on):
    at("2026-03-09T12:00:00+08:00")
    turn_on("birthday", catch_up_days=2)
    plan()
    for day in (10, 11, 12, 13):
        make_reader(f"Born on {day}", birthday=(3, day))
    at("2026-03-13T10:00:00+08:00")
    first = plan()
    at("2026-03-13T10:05:00+08:00")
    again = plan()

    states = {each.customer.display_name: each.state for each in Enrollment.objects.select_related("customer")}
    assert states == {
        "Born on 10": "skipped_late",
        "Born on 11": "in_progress",
        "Born on 12": "in_progress",
        "Born on 13": "in_progress",
    }
    assert (first["birthday"].eligible, first["birthday"].skipped_late, again["birthday"].eligible) == (4, 1, 0)
    assert OutboundMessage.objects.count() == 3


def test_programs_are_off_until_somebody_starts_them(at, programs, make_reader):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))

    assert {program.state for program in programs.values()} == {"off"}
    assert plan() == {}
    assert not Enrollment.objects.exists()


@pytest.mark.rule("RC-6")
def test_holdout_is_drawn_among_reachable_people_and_gets_nothing(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    for number in range(60):
        make_reader(f"Reader {number}", birthday=(3, 10), agrees=number % 3 > 0)
    turn_on("birthday", holdout="0.5")

    entered = plan()["birthday"]

    held, treated = Enrollment.objects.filter(arm="held_out"), Enrollment.objects.filter(arm="treated")
    assert (entered.eligible, entered.suppressed["no_consent"], held.count() + treated.count()) == (60, 20, 40)
    assert 8 <= held.count() <= 32
    assert not held.exclude(state="done", message=None).exists()
    assert set(OutboundMessage.objects.values_list("customer", flat=True)) == set(
        treated.values_list("customer", flat=True)
    )


@pytest.mark.rule("RC-6")
def test_who_has_no_consent_or_address_is_written_down_with_the_reason(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader("Says nothing", birthday=(3, 10), agrees=False)
    make_reader("No address", birthday=(3, 10), email=None)
    turn_on("birthday")

    plan()

    rows = Enrollment.objects.order_by("customer").values_list("state", "reason", "arm")
    assert list(rows) == [("suppressed", "no_consent", None), ("suppressed", "no_address", None)]
    assert not OutboundMessage.objects.exists()


@pytest.mark.rule("RC-7")
def test_run_log_has_the_counts_of_a_run_and_no_line_for_nobody(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))
    make_reader(birthday=(3, 10), agrees=False)
    program = turn_on("birthday")

    plan()
    at("2026-03-10T10:01:00+08:00")
    plan()

    run = ProgramRun.objects.get()
    assert (run.eligible, run.treated, run.held_out, run.suppressed, run.skipped_late) == (
        2,
        1,
        0,
        {"no_consent": 1},
        0,
    )
    assert run.finished_at is not None
    assert CareProgram.objects.get(pk=program.pk).planned_until > run.planned_until


def test_who_entered_stays_on_his_version(at, make_reader, turn_on):
    from retention.care import services

    at("2026-03-10T10:00:00+08:00")
    make_reader("林嘉怡", birthday=(3, 10), language="zh-hans")
    program = turn_on("birthday")
    planner.plan_due_programs(clock.now())
    texts = {code: {"subject": "New", "body": "New text"} for code in ("en", "zh-hans", "zh-hant")}
    services.publish_version(program=program, settings=program.settings, texts=texts, at=clock.now(), by=None)

    step_runner.run_due_steps(clock.now())

    message = OutboundMessage.objects.get()
    assert (message.subject, message.language) == ("林嘉怡，祝您生日快乐", "zh-hans")
    assert CareProgram.objects.get(pk=program.pk).current.number == 2
