"""Sweeps: each alone across all processes, one failing never stops the others, a night's work once a night."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from crm.kernel import company
from crm.kernel.background import scheduler
from crm.kernel.background.models import SweepRun
from crm.kernel.time import clock


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Only the sweeps of the test are registered; the names of those that ran."""
    monkeypatch.setattr(scheduler, "scheduled_tasks", {})
    return []


@pytest.fixture
def another_process() -> Iterator[Any]:
    """A second connection to the same database."""
    other = connections.create_connection("default")
    yield other
    other.close()


@pytest.fixture
def live_in(db: None) -> Callable[[str], None]:
    """The company moves to a time zone."""
    return lambda zone: company.change_settings(company.CompanySettings, {"time_zone": zone}, by=None)


def noting(ran: list[str], name: str, done: int = 1) -> Callable[..., int]:
    return lambda now: ran.append(name) or done


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_sweep_that_another_process_is_at_does_not_run(ran, another_process):
    scheduler.register_every_minute("plan")(noting(ran, "plan"))
    with another_process.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1, %s)", [scheduler._lock_key("plan") - 2**31])

    busy = scheduler.run_scheduled_task("plan")
    with connections["default"].cursor() as cursor:  # killed: its lock goes with it
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [another_process.connection.info.backend_pid])
    free = scheduler.run_scheduled_task("plan")

    assert (busy, free, ran) == (scheduler.NOT_RUN, 1, ["plan"])


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_lock_is_free_again_after_the_sweep_even_if_it_failed(ran, another_process):
    @scheduler.register_every_minute("plan")
    def fail(now):
        raise ValueError("no plan")

    assert scheduler.run_scheduled_task("plan") == scheduler.NOT_RUN

    with another_process.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(1, %s)", [scheduler._lock_key("plan") - 2**31])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_sweep_whose_rows_are_claimed_one_by_one_runs_beside_itself(ran, another_process):
    scheduler.register_every_5_seconds("jobs", is_exclusive=False)(noting(ran, "jobs"))
    with another_process.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1, %s)", [scheduler._lock_key("jobs") - 2**31])

    assert scheduler.run_scheduled_task("jobs") == 1


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_one_failing_sweep_never_stops_the_others(ran):
    scheduler.register_every_minute("before")(noting(ran, "before", 2))

    @scheduler.register_every_minute("bad")
    def fail(now):
        raise ValueError("bad day")

    scheduler.register_every_minute("after")(noting(ran, "after", 3))
    scheduler.register_every_5_seconds("other rhythm")(noting(ran, "other rhythm"))

    counts = scheduler.run_rhythm("minute")

    assert counts == {"before": 2, "bad": scheduler.NOT_RUN, "after": 3}
    assert ran == ["before", "after"]
    assert dict(SweepRun.objects.values_list("name", "done")) == {"before": 2, "after": 3}


@pytest.mark.django_db
def test_sweep_with_nothing_to_do_leaves_no_trace_but_the_tick_does(ran):
    scheduler.register_every_5_seconds("queue")(noting(ran, "queue", 0))
    scheduler.register_every_minute("tick")(noting(ran, "tick", 0))

    scheduler.run_rhythm("sweep")
    scheduler.run_rhythm("minute")

    assert list(SweepRun.objects.values_list("name", flat=True)) == ["tick"]


@pytest.mark.rule("PL-50")
def test_night_begins_at_two_where_the_company_lives(ran, live_in, at):
    scheduler.register_nightly("expire")(noting(ran, "expire"))
    live_in("Asia/Shanghai")

    at("2026-03-02T01:59:59+08:00")
    early = scheduler.run_due_nightly()
    at("2026-03-02T02:00:00+08:00")
    due = scheduler.run_due_nightly()

    assert (early, due) == ({}, {"expire": 1})


@pytest.mark.rule("PL-50")
def test_nights_work_runs_once_a_night(ran, live_in, at):
    scheduler.register_nightly("expire")(noting(ran, "expire"))
    live_in("Asia/Shanghai")

    for instant in ("2026-03-02T02:00:00", "2026-03-02T02:01:00", "2026-03-02T23:59:00", "2026-03-03T02:00:00"):
        at(f"{instant}+08:00")
        scheduler.run_due_nightly()

    assert ran == ["expire", "expire"]


@pytest.mark.rule("PL-50")
def test_nights_work_that_failed_is_tried_again_the_same_night(ran, live_in, at):
    outcomes = [ValueError("no"), None]

    @scheduler.register_nightly("expire")
    def expire(now):
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return 5

    live_in("Asia/Shanghai")
    at("2026-03-02T02:00:00+08:00")

    assert [scheduler.run_due_nightly() for _minute in range(3)] == [{"expire": scheduler.NOT_RUN}, {"expire": 5}, {}]


@pytest.mark.rule("PL-50")
@pytest.mark.parametrize(
    ("old", "ran_at", "new", "begins"),
    [
        ("Asia/Shanghai", "2026-03-02T02:00:00+08:00", "America/Los_Angeles", "2026-03-02T02:00:00-08:00"),
        ("America/Los_Angeles", "2026-03-02T02:00:00-08:00", "Asia/Shanghai", "2026-03-03T02:00:00+08:00"),
    ],
)
def test_first_night_of_a_new_zone_is_worked_too(ran, live_in, at, old, ran_at, new, begins):
    scheduler.register_nightly("expire")(noting(ran, "expire"))
    live_in(old)
    at(ran_at)
    scheduler.run_due_nightly()

    live_in(new)
    again_at_once = scheduler.run_due_nightly()
    at(begins)
    first_night = scheduler.run_due_nightly()

    assert (again_at_once, first_night) == ({}, {"expire": 1})
    assert clock.now() > SweepRun.objects.get().ran_at
