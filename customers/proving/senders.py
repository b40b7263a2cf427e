"""Sending workers that are killed at random: `python -m customers.proving.senders`, its orders in the environment as PROOF.

One process loads the product and forks the workers, so that a killed one is replaced within milliseconds.
"""

import json
import os
import signal
import time
from random import Random

import django

KILL_EVERY = (0.1, 0.4)
PAUSE = 0.05
FINISH_SECONDS = 60


def lease_only(recording) -> None:
    """The broken variant: nothing is committed before DATA, so a lease that runs out means *again*."""
    recording.BEGIN = recording.BEGIN.replace("SET state = 'data_started', ", "SET ")


def work(broken: str) -> None:
    """What a worker does: the sweep of the outbox, over and over."""
    from crm.kernel import clock
    from customers.messaging.outbox import recording, sending

    if broken == "lease-only":
        lease_only(recording)
    while True:
        sending.sweep(clock.now())
        time.sleep(PAUSE)


def start(broken: str) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work(broken)
        finally:
            os._exit(1)
    return pid


def unfinished() -> int:
    from django.db import connection

    from customers.messaging.models import OutboundMessage

    count = OutboundMessage.objects.filter(state__in=["queued", "deferred", "claimed", "data_started"]).count()
    connection.close()  # a worker that is forked must not share it
    return count


def kill_and_replace(workers: list[int], chance: Random, broken: str) -> None:
    victim = chance.randrange(len(workers))
    os.kill(workers[victim], signal.SIGKILL)
    os.waitpid(workers[victim], 0)
    workers[victim] = start(broken)


def main() -> None:
    """Kill for the given seconds, then let the workers finish; says how many were killed."""
    orders = json.loads(os.environ["PROOF"])
    chance, kills = Random(orders["seed"]), 0
    django.setup()
    workers = [start(orders["broken"]) for _ in range(orders["workers"])]
    until = time.monotonic() + orders["seconds"]
    while time.monotonic() < until:
        time.sleep(chance.uniform(*KILL_EVERY))
        kill_and_replace(workers, chance, orders["broken"])
        kills += 1
    finish = time.monotonic() + FINISH_SECONDS
    while unfinished() and time.monotonic() < finish:
        time.sleep(0.2)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print(json.dumps({"kills": kills}))


if __name__ == "__main__":
    main()
