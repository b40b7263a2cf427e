"""What the pages of care show."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Subquery

from crm.kernel.auth.models import User
from customers.messaging import governor
from customers.profiles.models import Customer
from retention.care import due_candidates, planner, reconciliation
from retention.care.choices import EnrollmentOutcome, HoldoutArm, ProgramState
from retention.care.models import CareProgram, Enrollment, ProgramRun, Step
from retention.care.planner import PlanningCounts
from retention.care.reconciliation import ProgramReconciliation
from retention.care.triggers.base import PlanningHorizon

SAMPLE_SIZE = 10


@dataclass(frozen=True)
class ProgramRow:
    """A line of the list: the programme, where its customers ended, when somebody last entered."""

    program: CareProgram
    reconciliation: ProgramReconciliation
    last_run: ProgramRun | None


@dataclass(frozen=True)
class ProgramDryRun:
    """Who would enter now: counts by arm and reason, and a few of those who would be treated."""

    counts: PlanningCounts
    sample: list[Customer]


def program_rows() -> list[ProgramRow]:
    """Every programme with its sums and last run, in order; three queries."""
    programs = list(CareProgram.objects.select_related("current"))
    newest = ProgramRun.objects.values("program").annotate(last=Max("pk")).values("last")
    last = {run.program_id: run for run in ProgramRun.objects.filter(pk__in=Subquery(newest))}
    sums = reconciliation.reconciliations_by_program()
    return [
        ProgramRow(program, sums.get(program.pk, reconciliation.EMPTY_RECONCILIATION), last.get(program.pk))
        for program in programs
    ]


def started_programs() -> list[CareProgram]:
    """The programmes that run or have run, in order; one query."""
    return list(CareProgram.objects.exclude(started_at=None))


def program_steps(program: CareProgram) -> list[Step]:
    """The steps of the current version, in order; one query."""
    return list(program.current.steps.all()) if program.current else []


def program_runs(program: CareProgram) -> QuerySet[ProgramRun]:
    """The run log."""
    return ProgramRun.objects.filter(program=program).select_related("version")


def program_enrollments(
    program: CareProgram, user: User, *, outcome: str = "", why: str = "", run: str = ""
) -> QuerySet[Any]:
    """Who is in a programme, of the customers the user may see: all, or those behind one number."""
    rows = reconciliation.annotate_outcome(_visible_enrollments(program, user))
    rows = rows.select_related("program", "customer", "message", "goal_order")
    if outcome in EnrollmentOutcome.values:
        rows = rows.filter(outcome=outcome)
    if why:
        rows = rows.filter(why=why)
    return rows.filter(run_id=int(run)) if run.isdecimal() else rows


def count_visible_enrollments(program: CareProgram, user: User, at_most: int) -> int:
    """How many of those customers are in it, counted no further than `at_most`; one query."""
    return _visible_enrollments(program, user)[:at_most].count()


def _visible_enrollments(program: CareProgram, user: User) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(program=program, customer__in=Customer.objects.visible_to(user))


def enrollments_of_customer(customer: Customer, limit: int = 8) -> list[Enrollment]:
    """Why this customer did or did not get messages: their newest entries with outcome and reason; one query."""
    rows = reconciliation.annotate_outcome(Enrollment.objects.filter(customer=customer))
    return list(rows.select_related("program", "message", "goal_order").order_by("-entered_at", "-pk")[:limit])


def refusal_reasons(customer: Customer, now: datetime) -> dict[int, str]:
    """Programme id → why the governor would refuse this customer now, for the programmes that are on; three queries."""
    programs = list(CareProgram.objects.filter(state=ProgramState.ON))
    if not programs:
        return {}
    requests = [planner.build_sending_request(program, customer.pk) for program in programs]
    decisions = governor.decide_send_requests(requests, now, governor.addressed_recipients(requests, customer))
    return {
        program.pk: decision.verdict.reason
        for program, decision in zip(programs, decisions, strict=True)
        if decision.verdict.outcome == "drop"
    }


def dry_run_program(program: CareProgram, user: User, now: datetime) -> ProgramDryRun:
    """Who would enter if the programme were planned now, and where they would go; nothing is written."""
    since = program.planned_until if program.state != ProgramState.OFF and program.planned_until else now
    horizon = PlanningHorizon(min(since, now), now)
    counts = PlanningCounts()
    treated: list[int] = []
    for chunk in planner.split_into_chunks(due_candidates.due_candidates(program, horizon)):
        rows = planner.assign_arms(program, chunk, now)
        counts.add_counts(
            planner.summarize_counts(Counter((state, arm, reason) for _candidate, arm, state, reason in rows))
        )
        treated += [candidate.customer_id for candidate, arm, *_rest in rows if arm == HoldoutArm.TREATED]
    sample = Customer.objects.visible_to(user).filter(pk__in=treated[:SAMPLE_SIZE])
    return ProgramDryRun(counts, list(sample.order_by("sort_key", "pk")))


def customer_counts_by_language() -> dict[str, int]:
    """How many current customers read each language; '' for those who have not said."""
    counts = Customer.objects.current().order_by().values_list("language").annotate(count=Count("pk"))
    return dict(counts)
