"""Every eligible customer ends in exactly one place: one expression over the rows, so the parts always add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from customers.messaging.choices import MessageReason
from customers.messaging.choices import MessageState as Message
from retention.care import labels
from retention.care.choices import EnrollmentOutcome, EnrollmentState, HoldoutArm
from retention.care.models import CareProgram, Enrollment

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
    """eligible = the sum of `counts_by_outcome`; `suppressed_by_reason` splits one of them."""

    eligible: int
    counts_by_outcome: dict[str, int]
    suppressed_by_reason: dict[str, int]

    @property
    def adds_up(self) -> bool:
        suppressed = self.counts_by_outcome[EnrollmentOutcome.SUPPRESSED]
        return self.eligible == sum(self.counts_by_outcome.values()) and suppressed == sum(
            self.suppressed_by_reason.values()
        )


@dataclass(frozen=True)
class ReconciliationLine:
    """One line of the table of where everybody ended."""

    label: str
    count: int
    outcome: str
    reason: str = ""
    is_part: bool = False

    @property
    def query_string(self) -> str:
        """Which of the programme's customers these are."""
        return f"?outcome={self.outcome}&why={self.reason}" if self.reason else f"?outcome={self.outcome}"


EMPTY_RECONCILIATION = ProgramReconciliation(0, dict.fromkeys(EnrollmentOutcome.values, 0), {})


def reconcile_enrollments(enrollments: QuerySet[Enrollment]) -> ProgramReconciliation:
    """Count where everybody of a programme or run ended; one query, so no change in between can part the sums."""
    rows: Any = annotate_outcome(enrollments).order_by().values_list("outcome", "why").annotate(count=Count("pk"))
    return _sum_outcomes(rows)


def reconcile_program(program: CareProgram) -> ProgramReconciliation:
    """Where everybody of a programme ended; one query."""
    return reconcile_enrollments(Enrollment.objects.filter(program=program))


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


def reconciliation_lines(reconciliation: ProgramReconciliation) -> list[ReconciliationLine]:
    """The table of where everybody ended: what is suppressed is split by reason."""
    lines = []
    for outcome, label in EnrollmentOutcome.choices:
        lines.append(ReconciliationLine(str(label), reconciliation.counts_by_outcome[outcome], outcome))
        if outcome == EnrollmentOutcome.SUPPRESSED:
            lines += [
                ReconciliationLine(labels.reason_text(reason), count, outcome, reason, is_part=True)
                for reason, count in sorted(reconciliation.suppressed_by_reason.items())
            ]
    return lines


def _sum_outcomes(rows: Iterable[tuple[str, str, int]]) -> ProgramReconciliation:
    counts = dict.fromkeys(EnrollmentOutcome.values, 0)
    suppressed: dict[str, int] = {}
    for outcome, reason, count in rows:
        counts[outcome] += count
        if outcome == EnrollmentOutcome.SUPPRESSED:
            suppressed[reason] = suppressed.get(reason, 0) + count
    return ProgramReconciliation(sum(counts.values()), counts, suppressed)
