"""The goal is a purchase after entering: the same measure for who was treated and who was held out.

Reaching it ends a treated customer's way before the next step, and takes back a message that has not gone out.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from customers.messaging.choices import MessageReason
from customers.messaging.outbox import deferral
from retention.care import queries
from retention.care.choices import EnrollmentState, HoldoutArm
from retention.care.models import Enrollment


def measure_goals(customer_ids: Sequence[int]) -> int:
    """Bring the goals of these customers in line with their orders; returns how many changed."""
    if not customer_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(queries.MEASURE_GOALS_SQL, {"customers": sorted(set(customer_ids))})
        return int(cursor.rowcount)


def exit_enrollments_on_goal(customer_ids: Sequence[int], now: datetime) -> int:
    """Who has bought needs no further step: waiting entries end, and an unsent message is taken back."""
    reached = Enrollment.objects.filter(
        customer_id__in=customer_ids, arm=HoldoutArm.TREATED, program__exits_on_goal=True, goal_reached_at__isnull=False
    )
    exited = {"state": EnrollmentState.EXITED, "reason": "goal", "finished_at": now, "due_at": None}
    left = reached.filter(state=EnrollmentState.WAITING).update(**exited)
    for pk, message in reached.filter(state=EnrollmentState.IN_PROGRESS).values_list("pk", "message_id"):
        if message and deferral.drop_message(message_id=message, reason=MessageReason.RECALLED, at=now):
            left += Enrollment.objects.filter(pk=pk).update(**exited)
    return left
