"""Sending workers that are killed at random: `python -m crm.tools.proofs.outbox_senders`."""

import time

from crm.tools.proofs import worker_crew

KILL_EVERY = (0.1, 0.4)
PAUSE = 0.05


def apply_lease_only() -> None:
    """The broken variant: nothing is committed before DATA, so a lease that runs out means *again*."""
    from customers.messaging.outbox import queries

    queries.BEGIN_DELIVERY = queries.BEGIN_DELIVERY.replace("SET state = 'data_started', ", "SET ")


def send_until_killed(broken: str) -> None:
    """What a worker does: the sweep of the outbox, again and again."""
    from crm.kernel.time import clock
    from customers.messaging.outbox import delivery_run

    if broken == "lease-only":
        apply_lease_only()
    while True:
        delivery_run.deliver_outbox(clock.now())
        time.sleep(PAUSE)


def unfinished_message_count() -> int:
    """Messages on which something is still to be done."""
    from customers.messaging.models import OutboundMessage

    return OutboundMessage.objects.filter(state__in=["queued", "deferred", "claimed", "data_started"]).count()


if __name__ == "__main__":
    worker_crew.supervise_workers(send_until_killed, unfinished_message_count, kill_every=KILL_EVERY)
