"""What the pages of care show."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Subquery

from customers.messaging import governor
from customers.profiles.models import Customer
from retention.care import candidate_queries, forecast, planner, reconciliation, rules
from retention.care.candidate_queries import Horizon
from retention.care.choices import Outcome, ProgramState, StepKind
from retention.care.models import CareProgram, Enrollment, ProgramRun, Step
from retention.care.planner import Entered
from retention.care.reconciliation import Reconciliation

SAMPLE = 10


@dataclass(frozen=True)
class ProgramRow:
    """A line of the list: the programme, where its customers ended, when somebody last entered."""

    program: CareProgram
    sums: Reconciliation
    last_run: ProgramRun | None


@dataclass(frozen=True)
class DryRun:
    """Who would enter now: counts by arm and reason, and a few of those who would be treated."""

    entered: Entered
    sample: list[Customer]


@dataclass(frozen=True)
class Prospect:
    """What a programme may find in its evaluation window: how many enter, how they split, the effect that would be seen."""

    people: int
    treated: int
    held_out: int
    base_rate: float
    smallest_effect: float | None


def programs() -> list[ProgramRow]:
    """Every programme with its sums and last run, in order; three queries."""
    rows = list(CareProgram.objects.select_related("current"))
    newest = ProgramRun.objects.values("program").annotate(last=Max("pk")).values("last")
    last = {run.program_id: run for run in ProgramRun.objects.filter(pk__in=Subquery(newest))}
    sums = reconciliation.by_program()
    return [ProgramRow(each, sums.get(each.pk, reconciliation.EMPTY), last.get(each.pk)) for each in rows]


def message_step(program: CareProgram) -> Step | None:
    """The message of the current version, with its texts."""
    return program.current.steps.filter(kind=StepKind.MESSAGE).first() if program.current else None


def runs(program: CareProgram) -> QuerySet[ProgramRun]:
    """The run log."""
    return ProgramRun.objects.filter(program=program).select_related("version")


def entries(program: CareProgram, user: Any, *, outcome: str = "", why: str = "", run: str = "") -> QuerySet[Any]:
    """Who is in a programme, of the customers the user may see: all, or those behind one number."""
    rows = reconciliation.with_outcome(_seen(program, user))
    rows = rows.select_related("program", "customer", "message", "goal_order")
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    if why:
        rows = rows.filter(why=why)
    return rows.filter(run_id=int(run)) if run.isdecimal() else rows


def entered(program: CareProgram, user: Any, at_most: int) -> int:
    """How many of those customers are in it, counted no further than `at_most`; one query."""
    return _seen(program, user)[:at_most].count()


def _seen(program: CareProgram, user: Any) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(program=program, customer__in=Customer.objects.visible_to(user))


def of_customer(customer: Customer, limit: int = 8) -> list[Enrollment]:
    """Why this customer did or did not get messages: his newest entries with outcome and reason; one query."""
    rows = reconciliation.with_outcome(Enrollment.objects.filter(customer=customer))
    return list(rows.select_related("program", "message", "goal_order").order_by("-entered_at", "-pk")[:limit])


def why_not(customer: Customer, now: datetime) -> dict[int, str]:
    """Programme id → why the door would turn this customer away now, for the programmes that are on; three queries."""
    active = list(CareProgram.objects.filter(state=ProgramState.ON))
    asked = [planner.question(each, customer.pk) for each in active]
    answers = governor.ask(asked, now, governor.readers(asked, customer)) if active else []
    found = zip(active, answers, strict=True)
    return {each.pk: answer.verdict.reason for each, answer in found if answer.verdict.outcome == "drop"}


def dry_run(program: CareProgram, user: Any, now: datetime) -> DryRun:
    """Who would enter if the programme were planned now, and where they would go; nothing is written."""
    since = program.planned_until if program.state != ProgramState.OFF and program.planned_until else now
    entered = Entered()
    treated: list[int] = []
    for chunk in planner.chunks(candidate_queries.due(program, Horizon(min(since, now), now))):
        rows = planner.sort(program, chunk, now)
        entered.add(planner.tally(Counter((state, arm, reason) for _each, arm, state, reason in rows)))
        treated += [each.customer_id for each, arm, _state, _reason in rows if arm == "treated"][
            : SAMPLE - len(treated)
        ]
    return DryRun(entered, list(Customer.objects.visible_to(user).filter(pk__in=treated).order_by("sort_key", "pk")))


def prospect(program: CareProgram, now: datetime) -> Prospect:
    """What can be seen at the programme's holdout; shown before the start. Two queries."""
    people = forecast.expected(program, now)
    treated, held_out = rules.split(people, float(program.holdout_share))
    rate = forecast.base_rate(program.evaluation_days, now)
    return Prospect(people, treated, held_out, rate, rules.smallest_effect(rate, treated, held_out))


def languages_of_customers() -> dict[str, int]:
    """How many current customers read each language; '' for those who have not said."""
    counts = Customer.objects.current().order_by().values_list("language").annotate(count=Count("pk"))
    return dict(counts)
