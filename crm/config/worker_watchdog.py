"""A worker that hears nothing any more ends itself; whoever started it (supervisor, container) starts it again.

Beat rings every five seconds. A worker that is idle and has heard no bell for a minute has lost its broker without
noticing, a state that Celery does not always leave by itself.
"""

import os
import signal
import threading
import time

import structlog
from celery.signals import task_received
from celery.worker import state

log = structlog.get_logger(__name__)

SILENT_SECONDS = float(os.environ.get("CRM_SILENT_SECONDS", "60"))
TERMINATION_SECONDS = 10
EXIT_STATUS = 75  # "try again later"
WORKER_PROCESSES = int(os.environ.get("CRM_WORKER_PROCESSES", "4"))

# These take hours and leave processes free; a worker that is at nothing else must hear the sweeps.
LONG_TASKS = {"crm.config.celery.jobs", "crm.config.celery.night"}

_last_heard_at = time.monotonic()


def start_watchdog() -> None:
    """Listen in the background of the worker's main process."""
    task_received.connect(note_activity, weak=False)
    note_activity()
    threading.Thread(target=end_silent_worker, name="silence", daemon=True).start()


def note_activity(**_: object) -> None:
    """Something was heard just now."""
    global _last_heard_at
    _last_heard_at = time.monotonic()


def is_silent(now: float) -> bool:
    """Nothing heard for too long, and not for being busy: a full pool takes no bells either."""
    return now - _last_heard_at > SILENT_SECONDS and not is_busy()


def is_busy() -> bool:
    """At work of seconds, or with no process left to hear with."""
    requests = list(state.active_requests)
    return len(requests) >= WORKER_PROCESSES or any(request.name not in LONG_TASKS for request in requests)


def end_silent_worker() -> None:
    while not is_silent(time.monotonic()):
        if is_busy():
            note_activity()
        time.sleep(1)
    log.error("worker_deaf", seconds=SILENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(TERMINATION_SECONDS)
    os._exit(EXIT_STATUS)
