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
    from retention.care import candidate_queries, planner

    if broken == "key-by-run":  # the occasion is named by when it was planned, not by what it is
        candidate_queries.BIRTHDAY_SQL = candidate_queries.BIRTHDAY_SQL.replace(
            "b.key", "b.key || to_char(clock_timestamp(), ':SSUS')"
        )
    if broken == "no-unique":  # looking first, without a key that decides
        planner.ENROLL_SQL = planner.ENROLL_SQL.replace(
            "ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING", ""
        )


def plan_and_send(broken: str) -> None:
    """What a worker does: the minute's tick and the outbox's sweep, over and over, in small chunks."""
    from crm.kernel.time import clock
    from customers.messaging.outbox import delivery_run
    from retention.care import planner, steps

    break_mechanism(broken)
    planner.CHUNK_SIZE = steps.CHUNK_SIZE = SMALL_CHUNK
    # Named by the run, occasions never end: two plannings of a worker show it, and leave the senders time.
    plannings = 2 if broken == "key-by-run" else None
    for number in count():
        if plannings is None or number < plannings:
            planner.plan_due_programs(clock.now())
        steps.run_due_steps(clock.now())
        delivery_run.deliver_outbox(clock.now())
        steps.close_ended_enrollments(clock.now())
        time.sleep(PAUSE_SECONDS)


def count_unfinished_rows() -> int:
    """Rows on which something is still to be done."""
    from customers.messaging.models import OutboundMessage
    from retention.care.models import Enrollment

    waiting = OutboundMessage.objects.filter(state__in=["queued", "deferred", "claimed", "data_started"]).count()
    waiting += Enrollment.objects.filter(state="waiting").count()
    return waiting + Enrollment.objects.filter(state="in_progress").exclude(message__state="unknown").count()


if __name__ == "__main__":
    worker_crew.supervise_workers(plan_and_send, count_unfinished_rows, kill_every=KILL_INTERVAL_SECONDS)
