"""Workers that plan and send and are killed at random: `python -m crm.tools.proofs.care_workers`.

They take no turns by advisory lock: every one plans all the time.
"""

import time
from itertools import count

from crm.tools.proofs import worker_crew

KILL_EVERY = (0.05, 0.3)
PAUSE = 0.03
SMALL = 10


def break_mechanism(broken: str) -> None:
    """Replace one named mechanism by a wrong one."""
    from retention.care import candidate_queries, planner

    if broken == "key-by-run":  # the occasion is named by when it was planned, not by what it is
        candidate_queries.BIRTHDAY = candidate_queries.BIRTHDAY.replace(
            "b.key", "b.key || to_char(clock_timestamp(), ':SSUS')"
        )
    if broken == "no-unique":  # looking first, without a key that decides
        planner.INSERT = planner.INSERT.replace("ON CONFLICT (program_id, customer_id, occasion_key) DO NOTHING", "")


def work(broken: str) -> None:
    """What a worker does: the minute's tick and the outbox's sweep, over and over, in small chunks."""
    from crm.kernel.time import clock
    from customers.messaging.outbox import sending
    from retention.care import planner, steps

    break_mechanism(broken)
    planner.CHUNK = steps.CHUNK = SMALL
    # Named by the run, occasions never end: two plannings of a worker show it, and leave the senders time.
    plannings = 2 if broken == "key-by-run" else None
    for number in count():
        if plannings is None or number < plannings:
            planner.plan_due(clock.now())
        steps.run_due(clock.now())
        sending.sweep(clock.now())
        steps.settle(clock.now())
        time.sleep(PAUSE)


def unfinished() -> int:
    """Rows on which something is still to be done."""
    from customers.messaging.models import OutboundMessage
    from retention.care.models import Enrollment

    waiting = OutboundMessage.objects.filter(state__in=["queued", "deferred", "claimed", "data_started"]).count()
    waiting += Enrollment.objects.filter(state="waiting").count()
    return waiting + Enrollment.objects.filter(state="in_progress").exclude(message__state="unknown").count()


if __name__ == "__main__":
    worker_crew.run(work, unfinished, kill_every=KILL_EVERY)
