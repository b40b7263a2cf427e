"""The planner: every minute it enters who is due into each programme that is on, once per occasion, and moves on.

Any number of planners may run at once: the unique key of `Enrollment` decides. A planner that dies has committed its
chunks of 1,000; `planned_until` moves last, so the next one finds the rest. After a stop it catches up, and who
comes too late is written down as such.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from crm.kernel.db.array_literals import format_array
from customers.messaging import governor
from customers.messaging.choices import MessagePurpose
from retention.care import due_candidates, queries, rules
from retention.care.choices import EnrollmentState, HoldoutArm, ProgramState
from retention.care.due_candidates import DueCandidate
from retention.care.models import CareProgram, ProgramRun
from retention.care.triggers.base import PlanningHorizon

log = structlog.get_logger(__name__)
CHUNK_SIZE = 1_000


@dataclass
class PlanningCounts:
    """What a planning did."""

    eligible: int = 0
    treated: int = 0
    held_out: int = 0
    skipped_late: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "suppressed": dict(self.suppressed)}

    def add_counts(self, other: "PlanningCounts") -> None:
        self.eligible += other.eligible
        self.treated += other.treated
        self.held_out += other.held_out
        self.skipped_late += other.skipped_late
        self.suppressed.update(other.suppressed)


def plan_due_programs(now: datetime) -> dict[str, PlanningCounts]:
    """Plan every programme that is on, up to now; a failing one stops no other. Programme key → what it did."""
    counts: dict[str, PlanningCounts] = {}
    for program in CareProgram.objects.filter(state=ProgramState.ON).select_related("current__program").order_by("id"):
        try:
            counts[program.key] = plan_program(program, now)
        except Exception:
            log.exception("planning_failed", program=program.key)
    return counts


def plan_program(program: CareProgram, now: datetime) -> PlanningCounts:
    """Enter who became due since the programme was last planned; a second planner enters nobody again."""
    assert program.planned_until is not None
    assert program.current is not None
    horizon = PlanningHorizon(min(program.planned_until, now), now)
    counts, run = PlanningCounts(), None
    for chunk in split_into_chunks(due_candidates.due_candidates(program, horizon)):
        with transaction.atomic():
            run = run or ProgramRun.objects.create(
                program=program,
                version=program.current,
                ran_at=now,
                planned_from=horizon.planned_until,
                planned_until=now,
            )
            counts.add_counts(_enroll_chunk(program, run, chunk, now))
            _update_run(run, counts)
    with transaction.atomic():
        CareProgram.objects.filter(pk=program.pk).update(planned_until=Greatest(F("planned_until"), Value(now)))
        if run is not None:
            _finish_run(run, counts, now)
    return counts


def assign_arms(
    program: CareProgram, candidates: list[DueCandidate], now: datetime
) -> list[tuple[DueCandidate, str | None, str, str]]:
    """Each candidate with arm, state and reason: too late, out of reach, held out or treated, asked in this order.

    The holdout is drawn among people who can be reached, so that both arms are alike.
    """
    in_time = [candidate.customer_id for candidate in candidates if not candidate.too_late]
    unreachable = governor.refusal_reasons(in_time, now, purpose=MessagePurpose.CARE.value, topic=program.topic)
    share = float(program.holdout_share)
    rows: list[tuple[DueCandidate, str | None, str, str]] = []
    for candidate in candidates:
        if candidate.too_late:
            rows.append((candidate, None, EnrollmentState.SKIPPED_LATE, "late"))
        elif reason := unreachable.get(candidate.customer_id):
            rows.append((candidate, None, EnrollmentState.SUPPRESSED, reason))
        elif rules.is_held_out(candidate.customer_id, program.pk, share):
            rows.append((candidate, HoldoutArm.HELD_OUT, EnrollmentState.DONE, ""))
        else:
            rows.append((candidate, HoldoutArm.TREATED, EnrollmentState.WAITING, ""))
    return rows


def build_sending_request(program: CareProgram, customer_id: int) -> governor.SendRequest:
    """What the governor is asked about a customer for a programme."""
    return governor.SendRequest(customer_id=customer_id, purpose=MessagePurpose.CARE.value, topic=program.topic)


def summarize_counts(numbers: Counter[tuple[str, str | None, str]]) -> PlanningCounts:
    """The sums of a planning, from how many there are of each (state, arm, reason)."""
    counts = PlanningCounts(eligible=numbers.total())
    for (state, arm, reason), number in numbers.items():
        counts.treated += number * (arm == HoldoutArm.TREATED)
        counts.held_out += number * (arm == HoldoutArm.HELD_OUT)
        counts.skipped_late += number * (state == EnrollmentState.SKIPPED_LATE)
        if state == EnrollmentState.SUPPRESSED:
            counts.suppressed[reason] += number
    return counts


def _enroll_chunk(program: CareProgram, run: ProgramRun, chunk: list[DueCandidate], now: datetime) -> PlanningCounts:
    rows = assign_arms(program, chunk, now)
    params: dict[str, Any] = {"program": program.pk, "version": program.current_id, "run": run.pk, "now": now}
    candidates, arms, states, reasons = zip(*rows, strict=True)
    params["customers"] = format_array(candidate.customer_id for candidate in candidates)
    params["keys"] = format_array(candidate.occasion_key for candidate in candidates)
    params["days"] = format_array(candidate.occasion_on for candidate in candidates)
    params["arms"], params["states"], params["reasons"] = (
        format_array(arms),
        format_array(states),
        format_array(reasons),
    )
    with connection.cursor() as cursor:
        cursor.execute(queries.ENROLL_SQL, params)
        return summarize_counts(
            Counter({(state, arm, reason): number for state, arm, reason, number in cursor.fetchall()})
        )


def _update_run(run: ProgramRun, counts: PlanningCounts) -> None:
    ProgramRun.objects.filter(pk=run.pk).update(
        eligible=counts.eligible,
        treated=counts.treated,
        held_out=counts.held_out,
        suppressed=dict(counts.suppressed),
        skipped_late=counts.skipped_late,
    )


def _finish_run(run: ProgramRun, counts: PlanningCounts, now: datetime) -> None:
    """A planner that came second entered nobody, and leaves no line in the log."""
    stored_run = ProgramRun.objects.filter(pk=run.pk)
    if counts.eligible:
        stored_run.update(finished_at=now)
    else:
        stored_run.delete()


def split_into_chunks(candidates: list[DueCandidate]) -> Iterator[list[DueCandidate]]:
    """By the thousand."""
    for start in range(0, len(candidates), CHUNK_SIZE):
        yield candidates[start : start + CHUNK_SIZE]
