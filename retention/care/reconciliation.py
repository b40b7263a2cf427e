"""Every eligible customer ends in exactly one place: one expression over the rows, so the parts always add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from customers.messaging.choices import Reason
from customers.messaging.choices import State as Message
from retention.care.choices import Arm, EnrollmentState, Outcome
from retention.care.models import Enrollment

TAKEN_BACK = [Reason.RECALLED]

# The first line that fits decides. What the mail server has, or may have, comes before what we decided afterwards.
OUTCOME = Case(
    When(arm=Arm.HELD_OUT, then=Value(Outcome.HELD_OUT)),
    When(state=EnrollmentState.SKIPPED_LATE, then=Value(Outcome.SKIPPED_LATE)),
    When(message__state=Message.ACCEPTED, then=Value(Outcome.ACCEPTED)),
    When(message__state=Message.UNKNOWN, then=Value(Outcome.UNKNOWN)),
    When(state=EnrollmentState.EXITED, then=Value(Outcome.EXITED)),
    When(message__state=Message.DROPPED, message__reason__in=TAKEN_BACK, then=Value(Outcome.EXITED)),
    When(message__state=Message.DROPPED, message__reason=Reason.LATE, then=Value(Outcome.SKIPPED_LATE)),
    When(Q(state=EnrollmentState.SUPPRESSED) | Q(message__state=Message.DROPPED), then=Value(Outcome.SUPPRESSED)),
    When(Q(state=EnrollmentState.FAILED) | Q(message__state=Message.FAILED), then=Value(Outcome.FAILED)),
    default=Value(Outcome.IN_PROGRESS),
    output_field=CharField(),
)
WHY = Case(
    When(Q(reason="") & Q(message__isnull=False), then=F("message__reason")),
    default=F("reason"),
    output_field=CharField(),
)


def with_outcome(enrollments: QuerySet[Enrollment]) -> QuerySet[Any]:
    """Each row with `outcome` and `why`."""
    return enrollments.annotate(outcome=OUTCOME, why=WHY)


@dataclass(frozen=True)
class Reconciliation:
    """eligible = the sum of `parts`; `suppressed` splits its part by reason."""

    eligible: int
    parts: dict[str, int]
    suppressed: dict[str, int]

    @property
    def adds_up(self) -> bool:
        return self.eligible == sum(self.parts.values()) and self.parts[Outcome.SUPPRESSED] == sum(
            self.suppressed.values()
        )


EMPTY = Reconciliation(0, dict.fromkeys(Outcome.values, 0), {})


def reconcile(enrollments: QuerySet[Enrollment]) -> Reconciliation:
    """Count where everybody of a programme or run ended; one query, so no change in between can part the sums."""
    rows: Any = with_outcome(enrollments).order_by().values_list("outcome", "why").annotate(count=Count("pk"))
    return _sum(rows)


def by_program() -> dict[int, Reconciliation]:
    """Programme id → its sums; one query."""
    rows: Any = (
        with_outcome(Enrollment.objects.all())
        .order_by()
        .values_list("program", "outcome", "why")
        .annotate(count=Count("pk"))
    )
    grouped: dict[int, list[tuple[str, str, int]]] = {}
    for program, outcome, why, count in rows:
        grouped.setdefault(program, []).append((outcome, why, count))
    return {program: _sum(parts) for program, parts in grouped.items()}


def _sum(rows: Iterable[tuple[str, str, int]]) -> Reconciliation:
    parts = dict.fromkeys(Outcome.values, 0)
    suppressed: dict[str, int] = {}
    for outcome, why, count in rows:
        parts[outcome] += count
        if outcome == Outcome.SUPPRESSED:
            suppressed[why] = suppressed.get(why, 0) + count
    return Reconciliation(sum(parts.values()), parts, suppressed)
