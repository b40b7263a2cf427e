"""Doing the steps of who is treated: the goal is asked first, then the coupon is made and the message handed to the door.

Rows are claimed with SKIP LOCKED and change in one transaction with what they cause, so two workers never do one step
twice, and a killed one leaves it undone. A row that cannot be done stops no other.
"""

from collections import defaultdict
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F

from customers.messaging import governor, recipients
from customers.messaging.outbox.enqueueing import enqueue_messages
from customers.messaging.outbox.message_draft import MessageDraft
from retention.care import goals, message_variables
from retention.care.choices import EnrollmentState, ProgramState, StepKind
from retention.care.models import Enrollment, Step
from retention.care.services import SOURCE_TYPE

log = structlog.get_logger(__name__)
CHUNK_SIZE = 500
MAX_ATTEMPTS = 3
RETRY_PAUSE = timedelta(minutes=1)

CLOSE_ENDED_SQL = """
UPDATE retention_enrollment e SET finished_at = coalesce(m.accepted_at, %(now)s),
  reason = CASE WHEN m.state IN ('dropped', 'failed') THEN m.reason ELSE e.reason END,
  state = CASE WHEN m.state = 'accepted' THEN 'done' WHEN m.state = 'failed' THEN 'failed' WHEN m.reason = 'recalled' THEN 'exited'
               WHEN m.reason = 'late' THEN 'skipped_late' ELSE 'suppressed' END
FROM customers_outboundmessage m
WHERE m.id = e.message_id AND e.state = 'in_progress' AND m.state IN ('accepted', 'failed', 'dropped')
"""


ATTACH_MESSAGES_SQL = """
UPDATE retention_enrollment e SET message_id = t.message, state = 'in_progress', position = %(position)s, due_at = NULL
FROM unnest(%(rows)s::bigint[], %(messages)s::bigint[]) AS t(id, message) WHERE e.id = t.id
"""


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
        cursor.execute(CLOSE_ENDED_SQL, {"now": now})
        return int(cursor.rowcount)


def _due_enrollment_ids(now: datetime) -> list[int]:
    rows = Enrollment.objects.filter(state=EnrollmentState.WAITING, due_at__lte=now, program__state=ProgramState.ON)
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:CHUNK_SIZE])


@transaction.atomic
def _run_chunk(ids: list[int], now: datetime) -> int:
    claimed = _claim_enrollments(ids)
    customers = sorted({each.customer_id for each in claimed})
    goals.measure_goals(customers)
    goals.exit_enrollments_on_goal(customers, now)
    left = Enrollment.objects.filter(pk__in=[each.pk for each in claimed]).exclude(state=EnrollmentState.WAITING)
    gone = set(left.values_list("pk", flat=True))
    waiting = [each for each in claimed if each.pk not in gone]
    by_version: dict[int, list[Enrollment]] = defaultdict(list)
    for each in waiting:
        by_version[each.version_id].append(each)
    for version_id, rows in by_version.items():
        _do_steps(list(Step.objects.filter(version=version_id)), rows, now)
    return len(claimed)


def _claim_enrollments(ids: list[int]) -> list[Enrollment]:
    rows = Enrollment.objects.filter(pk__in=ids, state=EnrollmentState.WAITING).select_related(
        "program", "version__program"
    )
    return list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk"))


def _run_chunk_or_each(ids: list[int], now: datetime) -> int:
    try:
        return _run_chunk(ids, now)
    except Exception:
        log.exception("care_steps_failed", rows=len(ids))
        return sum(_run_one(pk, now) for pk in ids)


def _run_one(pk: int, now: datetime) -> int:
    try:
        return _run_chunk([pk], now)
    except Exception as error:
        log.exception("care_step_failed", enrollment=pk)
        mine = Enrollment.objects.filter(pk=pk, state=EnrollmentState.WAITING)
        mine.update(attempts=F("attempts") + 1, due_at=now + RETRY_PAUSE)
        mine.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=EnrollmentState.FAILED, reason=type(error).__name__[:60], finished_at=now, due_at=None
        )
        return 1


def _do_steps(steps: list[Step], rows: list[Enrollment], now: datetime) -> None:
    """From each row's position to the message, which ends the flow of today's programmes."""
    message = next(step for step in steps if step.kind == StepKind.MESSAGE)
    has_coupon = any(step.kind == StepKind.COUPON for step in steps)
    values = message_variables.variable_values(rows, now, with_coupon=has_coupon)
    empty = [row for row in rows if row.pk not in values]
    Enrollment.objects.filter(pk__in=[row.pk for row in empty]).update(
        state=EnrollmentState.EXITED, reason="nothing_left", finished_at=now, due_at=None
    )
    _enqueue_messages(message, [row for row in rows if row.pk in values], values, now)


def _enqueue_messages(
    step: Step, rows: list[Enrollment], values: dict[int, message_variables.VariableValues], now: datetime
) -> None:
    reached = recipients.recipients_by_id([row.customer_id for row in rows])
    drafts = [
        MessageDraft(
            customer_id=row.customer_id,
            purpose="care",
            topic=row.program.topic,
            source_type=SOURCE_TYPE,
            source_id=row.program.public_id,
            step=str(step.position),
            occasion_key=row.occasion_key,
            texts=step.texts,
            variables=values[row.pk],
            deadline=message_variables.message_deadline(row, governor.recipient_zone(reached[row.customer_id])),
        )
        for row in rows
    ]
    messages = [message.pk for message in enqueue_messages(drafts, now)]
    with connection.cursor() as cursor:
        cursor.execute(
            ATTACH_MESSAGES_SQL, {"position": step.position, "rows": [row.pk for row in rows], "messages": messages}
        )
