"""Workers that plan and send and are killed at random: `python -m crm.tools.proofs.care_workers`.

They take no turns by advisory lock: every one plans all the time.
"""

import time
from itertools import count

from crm.tools.proofs import worker_crew

KILL_INTERVAL_SECONDS = (0.05, 0.3)
PAUSE_SECONDS = 0.03
SMALL_CHUNK = 10


def break_mechanism(broken: str) -> None:
    """Replace one named mechanism by a wrong one."""
    from retention.care import queries
    from retention.care.triggers.birthday import BirthdayTrigger

    if broken == "key-by-run":  # the occasion is named by when it was planned, not by what it is
        BirthdayTrigger.key_sql = "b.key || to_char(clock_timestamp(), ':SSUS')"
    if broken == "no-unique":  # looking first, without a key that decides
        queries.ENROLL_SQL = queries.ENROLL_SQL.replace(
            "ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING", ""
        )


def plan_and_send(broken: str) -> None:
    """What a worker does: the minute's tick and the outbox's sweep, over and over, in small chunks."""
    from crm.kernel.time import clock
    from customers.messaging.outbox import delivery_run
    from retention.care import planner, step_runner

    break_mechanism(broken)
    planner.CHUNK_SIZE = step_runner.CHUNK_SIZE = SMALL_CHUNK
    # Named by the run, occasions never end: two plannings of a worker show it, and leave the senders time.
    plannings = 2 if broken == "key-by-run" else None
    for number in count():
        if plannings is None or number < plannings:
            planner.plan_due_programs(clock.now())
        step_runner.run_due_steps(clock.now())
        delivery_run.deliver_outbox(clock.now())
        step_runner.close_ended_enrollments(clock.now())
        time.sleep(PAUSE_SECONDS)


def count_unfinished_rows() -> int:
    """Rows on which something is still to be done; a programme that nobody has planned to the end is one."""
    from django.db.models import F

    from customers.messaging.models import OutboundMessage
    from retention.care.models import CareProgram, Enrollment

    unfinished = OutboundMessage.objects.filter(state__in=["queued", "deferred", "claimed", "data_started"]).count()
    unfinished += CareProgram.objects.filter(state="on", planned_until__lte=F("started_at")).count()
    unfinished += Enrollment.objects.filter(state="waiting").count()
    return unfinished + Enrollment.objects.filter(state="in_progress").exclude(message__state="unknown").count()


if __name__ == "__main__":
    worker_crew.supervise_workers(plan_and_send, count_unfinished_rows, kill_every=KILL_INTERVAL_SECONDS)
