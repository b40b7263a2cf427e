"""Worker processes of another family that are killed at random, until the proof's time is over; then they may finish.

The proof calls `let_work`, which starts a module whose `main` calls `run`. That process loads the product once and forks
the workers, so that a killed one is replaced within milliseconds.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import django
from django.conf import settings

from crm.tools.proofs.report import ProofTrial

FINISH_SECONDS = 60
# Loading the product, finishing, and a margin.
STARTUP_SECONDS = 110


@dataclass(frozen=True)
class CrewSettings:
    """What the workers' process is told: how many, how long, by which seed, and what is broken."""

    workers: int
    seconds: float
    seed: int
    broken: str
    finish_seconds: float = FINISH_SECONDS


def run_worker_process(
    trial: ProofTrial, module: str, *, workers: int, finish_seconds: float = FINISH_SECONDS, **environ: Any
) -> None:
    """Run `module` beside the proof until its time is over; its kills are counted in the report."""
    orders = CrewSettings(workers, trial.seconds, trial.report.seed, trial.broken, finish_seconds)
    done = subprocess.run(
        [sys.executable, "-m", module],
        env=trial.environ(**{"LOG_LEVEL": "ERROR", "PROOF": json.dumps(vars(orders)), **environ}),
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True, timeout=trial.seconds + STARTUP_SECONDS,
    )  # fmt: skip
    trial.report.kills += int(json.loads(done.stdout)["kills"])


def supervise_workers(
    work: Callable[[str], None], unfinished: Callable[[], int], *, kill_every: tuple[float, float]
) -> None:
    """The process of the workers, its orders in the environment as PROOF; says how many it killed.

    `work` is told what is broken and never returns; `unfinished` counts the rows on which something is still to be done.
    """
    orders = CrewSettings(**json.loads(os.environ["PROOF"]))
    django.setup()
    crew = WorkerCrew(work, orders)
    kills = crew.harass(kill_every)
    finish = time.monotonic() + orders.finish_seconds
    while _count_alone(unfinished) and time.monotonic() < finish:
        time.sleep(0.2)
    crew.end()
    print(json.dumps({"kills": kills}))


class WorkerCrew:
    """Forked workers, each replaced when it is killed."""

    def __init__(self, work: Callable[[str], None], orders: CrewSettings) -> None:
        self.work, self.orders = work, orders
        self.pids = [self._start() for _number in range(orders.workers)]

    def harass(self, kill_every: tuple[float, float]) -> int:
        """Kill one at random again and again for the ordered time; returns how often."""
        chance, kills = Random(self.orders.seed), 0
        until = time.monotonic() + self.orders.seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(*kill_every))
            place = chance.randrange(len(self.pids))
            _kill_worker(self.pids[place])
            self.pids[place] = self._start()
            kills += 1
        return kills

    def end(self) -> None:
        for pid in self.pids:
            _kill_worker(pid)

    def _start(self) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                self.work(self.orders.broken)
            finally:
                os._exit(1)
        return pid


def _kill_worker(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _count_alone(count: Callable[[], int]) -> int:
    """With a connection of its own: a worker that is forked must not share one."""
    from django.db import connection

    found = count()
    connection.close()
    return found
