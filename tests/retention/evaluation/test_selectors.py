"""Results from rows: who counts, when, and what is said."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.kernel.time import clock
from customers.profiles.models import Customer
from retention.care import defaults
from retention.care.models import CareProgram, Enrollment, ProgramRun
from retention.evaluation import effect_display, selectors
from retention.evaluation.rules import EffectVerdict


@pytest.fixture
def program(db: None) -> CareProgram:
    """The birthday programme, on since 120 days; 3 points were stated as the smallest effect that counts."""
    defaults.ensure_default_programs()
    started = clock.now() - timedelta(days=120)
    CareProgram.objects.filter(key="birthday").update(
        state="on", started_at=started, planned_until=clock.now(), smallest_effect="0.03"
    )
    return CareProgram.objects.select_related("current").get(key="birthday")


@pytest.fixture
def enter(program: CareProgram) -> Callable[..., None]:
    """So many entries of an arm, so many days ago, of which some reached the goal after some days."""
    now = clock.now()
    run = ProgramRun.objects.create(
        program=program, version=program.current, ran_at=now, planned_from=now, planned_until=now
    )
    numbers = iter(range(10**6))

    def make(arm: str, people: int, *, reached: int = 0, days_ago: int = 100, after: int = 5) -> None:
        start = Customer.objects.count()
        customers = Customer.objects.bulk_create(
            Customer(public_id=f"cu_{next(numbers)}", display_name=str(start), created_at=now, updated_at=now)
            for _ in range(people)
        )
        entered = now - timedelta(days=days_ago)
        Enrollment.objects.bulk_create(
            Enrollment(
                public_id=f"ce_{next(numbers)}", program=program, version=program.current, run=run, customer=customer,
                occasion_key="birthday:2026", occasion_on=date(2026, 3, 10), arm=arm, state="done", entered_at=entered,
                goal_reached_at=entered + timedelta(days=after) if place < reached else None,
            )
            for place, customer in enumerate(customers)
        )  # fmt: skip

    return make


@pytest.mark.rule("RM-30", "S15")
def test_started_a_month_ago_is_too_early_whatever_the_numbers(program, enter):
    enter("treated", 90, reached=90, days_ago=20)
    enter("held_out", 10, reached=0, days_ago=20)
    CareProgram.objects.filter(pk=program.pk).update(started_at=clock.now() - timedelta(days=30))

    result = selectors.get_program_result(CareProgram.objects.get(pk=program.pk), clock.now())

    assert (result.verdict, result.effect) == (EffectVerdict.TOO_EARLY, None)


@pytest.mark.rule("RM-30")
def test_worked_example_from_rows(program, enter):
    enter("treated", 900, reached=180)
    enter("held_out", 100, reached=15)

    shown = effect_display.result_displays([program], clock.now())[program.pk]

    assert (shown.difference, shown.interval_text) == ("+5.0", "95% interval −3.6 to +11.3")
    assert shown.result.verdict == EffectVerdict.NOT_ENOUGH_DATA


@pytest.mark.rule("RM-30")
def test_only_entries_whose_own_window_is_over_count(program, enter):
    enter("treated", 9, reached=3, days_ago=91)
    enter("treated", 5, reached=5, days_ago=89)
    enter("treated", 7, reached=7, days_ago=130)  # before the start
    enter("held_out", 4, reached=1, days_ago=91)

    result = selectors.get_program_result(program, clock.now())

    assert (result.treated.enrolled_count, result.treated.goal_count) == (9, 3)
    assert (result.held_out.enrolled_count, result.held_out.goal_count) == (4, 1)


@pytest.mark.rule("RM-30")
def test_curve_ends_at_the_rates(program, enter):
    enter("treated", 10, reached=2, after=0)
    enter("treated", 10, reached=3, after=40)
    enter("held_out", 10, reached=1, after=89)
    result = selectors.get_program_result(program, clock.now())

    curve = selectors.goal_curves(program, result, clock.now())

    assert [curve["treated"][day] for day in (0, 39, 40, 90)] == [0.1, 0.1, 0.25, 0.25]
    assert [curve["held_out"][day] for day in (88, 89, 90)] == [0.0, 0.1, 0.1]


def test_never_started_has_no_result(db):
    defaults.ensure_default_programs()
    program = CareProgram.objects.get(key="lapsed-buyer")

    result = selectors.get_program_result(program, clock.now())

    assert (result.verdict, result.treated.enrolled_count, result.window_closes_at) == (
        EffectVerdict.TOO_EARLY,
        0,
        None,
    )
