"""What the pages of care show."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Subquery

from customers.messaging import governor
from customers.profiles.models import Customer
from retention.care import candidate_queries, forecast, planner, reconciliation, rules
from retention.care.candidate_queries import PlanningHorizon
from retention.care.choices import EnrollmentOutcome, ProgramState, StepKind
from retention.care.models import CareProgram, Enrollment, ProgramRun, Step
from retention.care.planner import PlanningCounts
from retention.care.reconciliation import ProgramReconciliation

SAMPLE_SIZE = 10


@dataclass(frozen=True)
class ProgramRow:
    """A line of the list: the programme, where its customers ended, when somebody last entered."""

    program: CareProgram
    sums: ProgramReconciliation
    last_run: ProgramRun | None


@dataclass(frozen=True)
class ProgramDryRun:
    """Who would enter now: counts by arm and reason, and a few of those who would be treated."""

    entered: PlanningCounts
    sample: list[Customer]


@dataclass(frozen=True)
class ProgramForecast:
    """What a programme may find in its evaluation window: how many enter, how they split, the effect that would be seen."""

    people: int
    treated: int
    held_out: int
    base_rate: float
    smallest_effect: float | None


def program_rows() -> list[ProgramRow]:
    """Every programme with its sums and last run, in order; three queries."""
    rows = list(CareProgram.objects.select_related("current"))
    newest = ProgramRun.objects.values("program").annotate(last=Max("pk")).values("last")
    last = {run.program_id: run for run in ProgramRun.objects.filter(pk__in=Subquery(newest))}
    sums = reconciliation.reconciliations_by_program()
    return [
        ProgramRow(each, sums.get(each.pk, reconciliation.EMPTY_RECONCILIATION), last.get(each.pk)) for each in rows
    ]


def message_step(program: CareProgram) -> Step | None:
    """The message of the current version, with its texts."""
    return program.current.steps.filter(kind=StepKind.MESSAGE).first() if program.current else None


def program_runs(program: CareProgram) -> QuerySet[ProgramRun]:
    """The run log."""
    return ProgramRun.objects.filter(program=program).select_related("version")


def program_enrollments(
    program: CareProgram, user: Any, *, outcome: str = "", why: str = "", run: str = ""
) -> QuerySet[Any]:
    """Who is in a programme, of the customers the user may see: all, or those behind one number."""
    rows = reconciliation.annotate_outcome(_visible_enrollments(program, user))
    rows = rows.select_related("program", "customer", "message", "goal_order")
    if outcome in EnrollmentOutcome.values:
        rows = rows.filter(outcome=outcome)
    if why:
        rows = rows.filter(why=why)
    return rows.filter(run_id=int(run)) if run.isdecimal() else rows


def count_visible_enrollments(program: CareProgram, user: Any, at_most: int) -> int:
    """How many of those customers are in it, counted no further than `at_most`; one query."""
    return _visible_enrollments(program, user)[:at_most].count()


def _visible_enrollments(program: CareProgram, user: Any) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(program=program, customer__in=Customer.objects.visible_to(user))


def enrollments_of_customer(customer: Customer, limit: int = 8) -> list[Enrollment]:
    """Why this customer did or did not get messages: his newest entries with outcome and reason; one query."""
    rows = reconciliation.annotate_outcome(Enrollment.objects.filter(customer=customer))
    return list(rows.select_related("program", "message", "goal_order").order_by("-entered_at", "-pk")[:limit])


def refusal_reasons(customer: Customer, now: datetime) -> dict[int, str]:
    """Programme id → why the door would turn this customer away now, for the programmes that are on; three queries."""
    active = list(CareProgram.objects.filter(state=ProgramState.ON))
    asked = [planner.build_sending_request(each, customer.pk) for each in active]
    answers = (
        governor.decide_send_requests(asked, now, governor.addressed_recipients(asked, customer)) if active else []
    )
    found = zip(active, answers, strict=True)
    return {each.pk: answer.verdict.reason for each, answer in found if answer.verdict.outcome == "drop"}


def dry_run_program(program: CareProgram, user: Any, now: datetime) -> ProgramDryRun:
    """Who would enter if the programme were planned now, and where they would go; nothing is written."""
    since = program.planned_until if program.state != ProgramState.OFF and program.planned_until else now
    entered = PlanningCounts()
    treated: list[int] = []
    for chunk in planner.split_into_chunks(
        candidate_queries.due_candidates(program, PlanningHorizon(min(since, now), now))
    ):
        rows = planner.assign_arms(program, chunk, now)
        entered.add(planner.summarize_counts(Counter((state, arm, reason) for _each, arm, state, reason in rows)))
        treated += [each.customer_id for each, arm, _state, _reason in rows if arm == "treated"][
            : SAMPLE_SIZE - len(treated)
        ]
    return ProgramDryRun(
        entered, list(Customer.objects.visible_to(user).filter(pk__in=treated).order_by("sort_key", "pk"))
    )


def forecast_program(program: CareProgram, now: datetime) -> ProgramForecast:
    """What can be seen at the programme's holdout; shown before the start. Two queries."""
    people = forecast.expected_enrollments(program, now)
    treated, held_out = rules.split_by_holdout(people, float(program.holdout_share))
    rate = forecast.base_purchase_rate(program.evaluation_days, now)
    return ProgramForecast(people, treated, held_out, rate, rules.smallest_detectable_effect(rate, treated, held_out))


def customer_counts_by_language() -> dict[str, int]:
    """How many current customers read each language; '' for those who have not said."""
    counts = Customer.objects.current().order_by().values_list("language").annotate(count=Count("pk"))
    return dict(counts)
