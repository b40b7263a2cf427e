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
from retention.care import candidate_queries, rules
from retention.care.candidate_queries import DueCandidate, PlanningHorizon
from retention.care.choices import EnrollmentState, HoldoutArm, ProgramState
from retention.care.models import CareProgram, ProgramRun

log = structlog.get_logger(__name__)
CHUNK_SIZE = 1_000

ENROLL_SQL = """
WITH entered AS (
INSERT INTO retention_enrollment (public_id, program_id, version_id, run_id, customer_id, occasion_key, occasion_on, arm, state,
                                  reason, position, due_at, entered_at, finished_at, attempts)
SELECT crm_public_id('ce'), %(program)s, %(version)s, %(run)s, t.customer, t.key, t.day, t.arm, t.state,
       t.reason, 1, CASE WHEN t.state = 'waiting' THEN %(now)s::timestamptz END, %(now)s,
       CASE WHEN t.state <> 'waiting' THEN %(now)s::timestamptz END, 0
FROM unnest(%(customers)s::bigint[], %(keys)s::text[], %(days)s::date[], %(arms)s::text[], %(states)s::text[], %(reasons)s::text[])
     AS t(customer, key, day, arm, state, reason)
ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING
RETURNING state, arm, reason
) SELECT state, arm, reason, count(*) FROM entered GROUP BY state, arm, reason
"""


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

    def add(self, other: "PlanningCounts") -> None:
        self.eligible += other.eligible
        self.treated += other.treated
        self.held_out += other.held_out
        self.skipped_late += other.skipped_late
        self.suppressed.update(other.suppressed)


def plan_due_programs(now: datetime) -> dict[str, PlanningCounts]:
    """Plan every programme that is on, up to now; a failing one stops no other. Programme key → what it did."""
    entered: dict[str, PlanningCounts] = {}
    for program in CareProgram.objects.filter(state=ProgramState.ON).select_related("current__program").order_by("id"):
        try:
            entered[program.key] = plan_program(program, now)
        except Exception:
            log.exception("planning_failed", program=program.key)
    return entered


def plan_program(program: CareProgram, now: datetime) -> PlanningCounts:
    """Enter who became due since the programme was last planned; a second planner enters nobody again."""
    assert program.planned_until is not None
    assert program.current is not None
    horizon = PlanningHorizon(min(program.planned_until, now), now)
    entered, run = PlanningCounts(), None
    for chunk in split_into_chunks(candidate_queries.due_candidates(program, horizon)):
        with transaction.atomic():
            run = run or ProgramRun.objects.create(
                program=program,
                version=program.current,
                ran_at=now,
                planned_from=horizon.planned_until,
                planned_until=now,
            )
            done = _enroll_chunk(program, run, chunk, now)
            entered.add(done)
            _update_run(run, entered)
    with transaction.atomic():
        CareProgram.objects.filter(pk=program.pk).update(planned_until=Greatest(F("planned_until"), Value(now)))
        if run is not None:
            _finish_run(run, entered, now)
    return entered


def assign_arms(
    program: CareProgram, candidates: list[DueCandidate], now: datetime
) -> list[tuple[DueCandidate, str | None, str, str]]:
    """Each candidate with arm, state and reason: too late, out of reach, held out or treated, asked in this order.

    The holdout is drawn among people who can be reached, so that both arms are alike.
    """
    in_time = [each.customer_id for each in candidates if not each.too_late]
    unreachable = governor.refusal_reasons(in_time, now, purpose=MessagePurpose.CARE.value, topic=program.topic)
    share = float(program.holdout_share)
    rows: list[tuple[DueCandidate, str | None, str, str]] = []
    for each in candidates:
        if each.too_late:
            rows.append((each, None, EnrollmentState.SKIPPED_LATE, "late"))
        elif reason := unreachable.get(each.customer_id):
            rows.append((each, None, EnrollmentState.SUPPRESSED, reason))
        elif rules.is_held_out(each.customer_id, program.pk, share):
            rows.append((each, HoldoutArm.HELD_OUT, EnrollmentState.DONE, ""))
        else:
            rows.append((each, HoldoutArm.TREATED, EnrollmentState.WAITING, ""))
    return rows


def build_sending_request(program: CareProgram, customer_id: int) -> governor.SendRequest:
    """What the door is asked of a customer for a programme."""
    return governor.SendRequest(customer_id=customer_id, purpose=MessagePurpose.CARE.value, topic=program.topic)


def summarize_counts(counts: Counter[tuple[str, str | None, str]]) -> PlanningCounts:
    """What so many of each (state, arm, reason) come to."""
    entered = PlanningCounts(eligible=counts.total())
    for (state, arm, reason), count in counts.items():
        entered.treated += count * (arm == HoldoutArm.TREATED)
        entered.held_out += count * (arm == HoldoutArm.HELD_OUT)
        entered.skipped_late += count * (state == EnrollmentState.SKIPPED_LATE)
        if state == EnrollmentState.SUPPRESSED:
            entered.suppressed[reason] += count
    return entered


def _enroll_chunk(program: CareProgram, run: ProgramRun, chunk: list[DueCandidate], now: datetime) -> PlanningCounts:
    rows = assign_arms(program, chunk, now)
    params: dict[str, Any] = {"program": program.pk, "version": program.current_id, "run": run.pk, "now": now}
    candidates, arms, states, reasons = zip(*rows, strict=True)
    params["customers"] = format_array(each.customer_id for each in candidates)
    params["keys"] = format_array(each.occasion_key for each in candidates)
    params["days"] = format_array(each.occasion_on for each in candidates)
    params["arms"], params["states"], params["reasons"] = (
        format_array(arms),
        format_array(states),
        format_array(reasons),
    )
    with connection.cursor() as cursor:
        cursor.execute(ENROLL_SQL, params)
        return summarize_counts(
            Counter({(state, arm, reason): count for state, arm, reason, count in cursor.fetchall()})
        )


def _update_run(run: ProgramRun, entered: PlanningCounts) -> None:
    ProgramRun.objects.filter(pk=run.pk).update(
        eligible=entered.eligible,
        treated=entered.treated,
        held_out=entered.held_out,
        suppressed=dict(entered.suppressed),
        skipped_late=entered.skipped_late,
    )


def _finish_run(run: ProgramRun, entered: PlanningCounts, now: datetime) -> None:
    """A planner that came second entered nobody, and leaves no line in the log."""
    mine = ProgramRun.objects.filter(pk=run.pk)
    if entered.eligible:
        mine.update(finished_at=now)
    else:
        mine.delete()


def split_into_chunks(candidates: list[DueCandidate]) -> Iterator[list[DueCandidate]]:
    """By the thousand."""
    for start in range(0, len(candidates), CHUNK_SIZE):
        yield candidates[start : start + CHUNK_SIZE]
