"""What programmes changed, from the rows of who entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from retention.care.choices import HoldoutArm
from retention.care.models import CareProgram
from retention.evaluation import rules
from retention.evaluation.queries import ARM_COUNTS_SQL, GOAL_CURVE_SQL
from retention.evaluation.rules import EffectEstimate, EffectVerdict


@dataclass(frozen=True)
class ArmResult:
    """One arm: how many entered, how many reached the goal within their window."""

    enrolled_count: int = 0
    goal_count: int = 0

    @property
    def rate(self) -> float | None:
        return self.goal_count / self.enrolled_count if self.enrolled_count else None


@dataclass(frozen=True)
class ProgramResult:
    """What is known of a programme's effect. Before `window_closes_at` there is no effect and no verdict but *too early*."""

    treated: ArmResult
    held_out: ArmResult
    verdict: EffectVerdict
    effect: EffectEstimate | None
    smallest_effect: float | None
    window_closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.verdict == EffectVerdict.TOO_EARLY

    @property
    def additional_goals(self) -> int | None:
        """About how many of the treated reached the goal who would not have; None while that is not known."""
        return round(self.effect.difference * self.treated.enrolled_count) if self.effect else None


def program_results(programs: Sequence[CareProgram], now: datetime) -> dict[int, ProgramResult]:
    """Programme id → result; one query. The cohort: who entered since the start and whose own window has closed."""
    with connection.cursor() as cursor:
        cursor.execute(ARM_COUNTS_SQL, {"programs": [program.pk for program in programs], "now": now})
        arms = {(program_id, arm): ArmResult(*counts) for program_id, arm, *counts in cursor.fetchall()}
    return {
        program.pk: _build_result(
            program, arms.get((program.pk, HoldoutArm.TREATED)), arms.get((program.pk, HoldoutArm.HELD_OUT)), now
        )
        for program in programs
    }


def get_program_result(program: CareProgram, now: datetime) -> ProgramResult:
    """One programme's result; one query."""
    return program_results([program], now)[program.pk]


def goal_curves(program: CareProgram, result: ProgramResult, now: datetime) -> dict[str, list[float]]:
    """Arm → share that had reached the goal by day 0, 1, … of the window; empty while the window is open. One query."""
    if result.is_open or not (result.treated.enrolled_count and result.held_out.enrolled_count):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(GOAL_CURVE_SQL, {"program": program.pk, "now": now})
        by_day = {(arm, day): count for arm, day, count in cursor.fetchall()}
    totals = {
        HoldoutArm.TREATED.value: result.treated.enrolled_count,
        HoldoutArm.HELD_OUT.value: result.held_out.enrolled_count,
    }
    curves: dict[str, list[float]] = {}
    for arm, total in totals.items():
        goals = 0
        curves[arm] = []
        for day in range(program.evaluation_days + 1):
            goals += by_day.get((arm, day), 0)
            curves[arm].append(goals / total)
    return curves


def _build_result(
    program: CareProgram, treated: ArmResult | None, held_out: ArmResult | None, now: datetime
) -> ProgramResult:
    treated, held_out = treated or ArmResult(), held_out or ArmResult()
    closes = program.started_at + timedelta(days=program.evaluation_days) if program.started_at else None
    is_closed = closes is not None and closes <= now
    effect = (
        rules.newcombe_interval(
            treated.goal_count, treated.enrolled_count, held_out.goal_count, held_out.enrolled_count
        )
        if is_closed
        else None
    )
    smallest = float(program.smallest_effect) if program.smallest_effect is not None else None
    return ProgramResult(
        treated,
        held_out,
        rules.judge_effect(effect, window_closed=is_closed, smallest_effect=smallest),
        effect,
        smallest,
        closes,
    )
