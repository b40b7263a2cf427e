"""Doing the steps of who is treated: the goal is asked first, then each enrolment walks from its position through the steps
of its version.

Rows are claimed with SKIP LOCKED and change in one transaction with what they cause, so two workers never do one step
twice, and a killed one leaves it undone. A row that cannot be done stops no other.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F

from retention.care import goals, queries
from retention.care.choices import EnrollmentState, ProgramState
from retention.care.models import Enrollment, Step
from retention.care.steps.base import STEP_KINDS

log = structlog.get_logger(__name__)
CHUNK_SIZE = 500
MAX_ATTEMPTS = 3
RETRY_PAUSE = timedelta(minutes=1)


def run_due_steps(now: datetime) -> int:
    """Do every step that is due, chunk by chunk; returns how many rows moved."""
    moved = 0
    while ids := _due_enrollment_ids(now):
        done = _run_chunk_or_each(ids, now)
        if not done:  # another worker holds them
            break
        moved += done
    return moved


def close_ended_enrollments(now: datetime) -> int:
    """Close the rows whose message has ended: accepted, failed, or not sent. One whose fate is unknown stays open."""
    with connection.cursor() as cursor:
        cursor.execute(queries.CLOSE_ENDED_SQL, {"now": now})
        return int(cursor.rowcount)


def _due_enrollment_ids(now: datetime) -> list[int]:
    rows = Enrollment.objects.filter(state=EnrollmentState.WAITING, due_at__lte=now, program__state=ProgramState.ON)
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:CHUNK_SIZE])


def _run_chunk_or_each(ids: list[int], now: datetime) -> int:
    try:
        return _run_chunk(ids, now)
    except Exception:
        log.exception("care_steps_failed", rows=len(ids))
        return sum(_run_alone(pk, now) for pk in ids)


def _run_alone(pk: int, now: datetime) -> int:
    try:
        return _run_chunk([pk], now)
    except Exception as error:
        log.exception("care_step_failed", enrollment=pk)
        enrollment = Enrollment.objects.filter(pk=pk, state=EnrollmentState.WAITING)
        enrollment.update(attempts=F("attempts") + 1, due_at=now + RETRY_PAUSE)
        enrollment.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=EnrollmentState.FAILED, reason=type(error).__name__[:60], finished_at=now, due_at=None
        )
        return 1


@transaction.atomic
def _run_chunk(ids: list[int], now: datetime) -> int:
    claimed = _claim_enrollments(ids)
    customers = sorted({enrollment.customer_id for enrollment in claimed})
    goals.measure_goals(customers)
    goals.exit_enrollments_on_goal(customers, now)
    left = Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in claimed])
    gone = set(left.exclude(state=EnrollmentState.WAITING).values_list("pk", flat=True))
    by_version: dict[int, list[Enrollment]] = defaultdict(list)
    for enrollment in claimed:
        if enrollment.pk not in gone:
            by_version[enrollment.version_id].append(enrollment)
    for version_id, enrollments in by_version.items():
        steps = Step.objects.filter(version=version_id).select_related("version__program")
        _walk_steps(list(steps), enrollments, now)
        _save_positions(enrollments, now)
    return len(claimed)


def _claim_enrollments(ids: list[int]) -> list[Enrollment]:
    rows = Enrollment.objects.filter(pk__in=ids, state=EnrollmentState.WAITING)
    return list(rows.select_for_update(skip_locked=True, no_key=True).order_by("pk"))


def _walk_steps(steps: Sequence[Step], enrollments: Sequence[Enrollment], now: datetime) -> None:
    """Each enrolment from its position on, until no step follows or one sends it away; those at one step go together.

    A way on which nothing follows ends with its message if it has one, else here.
    """
    by_position = {step.position: step for step in steps}
    standing: dict[int, list[Enrollment]] = defaultdict(list)
    for enrollment in enrollments:
        standing[enrollment.position].append(enrollment)
    while standing:
        position = min(standing)
        step, members = by_position[position], standing.pop(position)
        results = STEP_KINDS.get(step.kind).run(step, members, now)
        for enrollment in members:
            result = results[enrollment.pk]
            enrollment.position = position
            if isinstance(result, str):
                enrollment.state, enrollment.reason = EnrollmentState.EXITED, result
            elif result not in by_position:
                enrollment.state = EnrollmentState.IN_PROGRESS if enrollment.message_id else EnrollmentState.DONE
            elif result > position:
                standing[result].append(enrollment)
            else:
                raise ValueError(f"{step.kind} leads back from {position} to {result}")


def _save_positions(enrollments: Sequence[Enrollment], now: datetime) -> None:
    columns: dict[str, list[Any]] = {
        "ids": [enrollment.pk for enrollment in enrollments],
        "positions": [enrollment.position for enrollment in enrollments],
        "states": [enrollment.state for enrollment in enrollments],
        "reasons": [enrollment.reason for enrollment in enrollments],
        "messages": [enrollment.message_id for enrollment in enrollments],
    }
    with connection.cursor() as cursor:
        cursor.execute(queries.SAVE_POSITIONS_SQL, {**columns, "now": now})
