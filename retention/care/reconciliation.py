"""Every eligible customer ends in exactly one place: one expression over the rows, so the parts always add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from customers.messaging.choices import MessageReason
from customers.messaging.choices import MessageState as Message
from retention.care.choices import EnrollmentOutcome, EnrollmentState, HoldoutArm
from retention.care.models import Enrollment

RECALL_REASONS = [MessageReason.RECALLED]

# The first line that fits decides. What the mail server has, or may have, comes before what we decided afterwards.
OUTCOME_CASE = Case(
    When(arm=HoldoutArm.HELD_OUT, then=Value(EnrollmentOutcome.HELD_OUT)),
    When(state=EnrollmentState.SKIPPED_LATE, then=Value(EnrollmentOutcome.SKIPPED_LATE)),
    When(message__state=Message.ACCEPTED, then=Value(EnrollmentOutcome.ACCEPTED)),
    When(message__state=Message.UNKNOWN, then=Value(EnrollmentOutcome.UNKNOWN)),
    When(state=EnrollmentState.EXITED, then=Value(EnrollmentOutcome.EXITED)),
    When(message__state=Message.DROPPED, message__reason__in=RECALL_REASONS, then=Value(EnrollmentOutcome.EXITED)),
    When(
        message__state=Message.DROPPED, message__reason=MessageReason.LATE, then=Value(EnrollmentOutcome.SKIPPED_LATE)
    ),
    When(
        Q(state=EnrollmentState.SUPPRESSED) | Q(message__state=Message.DROPPED),
        then=Value(EnrollmentOutcome.SUPPRESSED),
    ),
    When(Q(state=EnrollmentState.FAILED) | Q(message__state=Message.FAILED), then=Value(EnrollmentOutcome.FAILED)),
    default=Value(EnrollmentOutcome.IN_PROGRESS),
    output_field=CharField(),
)
REASON_CASE = Case(
    When(Q(reason="") & Q(message__isnull=False), then=F("message__reason")),
    default=F("reason"),
    output_field=CharField(),
)


def annotate_outcome(enrollments: QuerySet[Enrollment]) -> QuerySet[Any]:
    """Each row with `outcome` and `why`."""
    return enrollments.annotate(outcome=OUTCOME_CASE, why=REASON_CASE)


@dataclass(frozen=True)
class ProgramReconciliation:
    """eligible = the sum of `parts`; `suppressed` splits its part by reason."""

    eligible: int
    parts: dict[str, int]
    suppressed: dict[str, int]

    @property
    def adds_up(self) -> bool:
        return self.eligible == sum(self.parts.values()) and self.parts[EnrollmentOutcome.SUPPRESSED] == sum(
            self.suppressed.values()
        )


EMPTY_RECONCILIATION = ProgramReconciliation(0, dict.fromkeys(EnrollmentOutcome.values, 0), {})


def reconcile_enrollments(enrollments: QuerySet[Enrollment]) -> ProgramReconciliation:
    """Count where everybody of a programme or run ended; one query, so no change in between can part the sums."""
    rows: Any = annotate_outcome(enrollments).order_by().values_list("outcome", "why").annotate(count=Count("pk"))
    return _sum_outcomes(rows)


def reconciliations_by_program() -> dict[int, ProgramReconciliation]:
    """Programme id → its sums; one query."""
    rows: Any = (
        annotate_outcome(Enrollment.objects.all())
        .order_by()
        .values_list("program", "outcome", "why")
        .annotate(count=Count("pk"))
    )
    grouped: dict[int, list[tuple[str, str, int]]] = {}
    for program, outcome, why, count in rows:
        grouped.setdefault(program, []).append((outcome, why, count))
    return {program: _sum_outcomes(parts) for program, parts in grouped.items()}


def _sum_outcomes(rows: Iterable[tuple[str, str, int]]) -> ProgramReconciliation:
    parts = dict.fromkeys(EnrollmentOutcome.values, 0)
    suppressed: dict[str, int] = {}
    for outcome, why, count in rows:
        parts[outcome] += count
        if outcome == EnrollmentOutcome.SUPPRESSED:
            suppressed[why] = suppressed.get(why, 0) + count
    return ProgramReconciliation(sum(parts.values()), parts, suppressed)
