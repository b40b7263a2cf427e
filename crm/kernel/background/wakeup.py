"""Rings the worker after a commit. The bell is a hint: work stands in PostgreSQL and a sweep finds it anyway.

A broker that is away must not hold up a request, and its client may wait for seconds before it gives up. So a thread of
this process rings; who asked waits for it a moment only, and not at all while the broker is known to be away.
"""

import os
import queue
import threading
import time
from functools import cache

import structlog
from celery import Celery
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

WAIT_SECONDS = 0.1
PAUSE_SECONDS = 5
GAP_SECONDS = 0.1

WakeupRequest = tuple[str, threading.Event]


class WakeupSender:
    """The thread that rings, started by the first bell; each bell at most ten times a second."""

    def __init__(self) -> None:
        self.bells: queue.SimpleQueue[WakeupRequest] = queue.SimpleQueue()
        self.asked: set[str] = set()  # bells that will be rung after this moment
        self.rung_at: dict[str, float] = {}
        self.again_at = 0.0
        self.guard = threading.Lock()
        self.thread: threading.Thread | None = None

    def ring(self, name: str) -> None:
        """Rung within a moment, or later, or left to the sweep."""
        if time.monotonic() < self.again_at:
            return
        with self.guard:
            if name in self.asked:
                return
            self.asked.add(name)
            if self.thread is None:
                self.thread = threading.Thread(target=self.work, name="doorbell", daemon=True)
                self.thread.start()
        rung, busy = threading.Event(), not self.bells.empty() or self._pause(name) > 0
        self.bells.put((name, rung))
        if not busy:
            rung.wait(WAIT_SECONDS)

    def work(self) -> None:
        while True:
            name, rung = self.bells.get()
            time.sleep(max(0.0, self._pause(name)))
            with self.guard:
                self.asked.discard(name)
            if time.monotonic() >= self.again_at:
                self.send(name)
                self.rung_at[name] = time.monotonic()
            rung.set()

    def _pause(self, name: str) -> float:
        return self.rung_at.get(name, 0.0) + GAP_SECONDS - time.monotonic()

    def send(self, name: str) -> None:
        try:
            _celery_client().send_task(
                "crm.config.celery.ring", args=[name], expires=30, retry=False, ignore_result=True
            )
        except Exception as error:
            self.again_at = time.monotonic() + PAUSE_SECONDS
            log.warning("doorbell_unheard", bell=name, error=type(error).__name__)


_wakeup_sender = WakeupSender()


def wake_worker(name: str) -> None:
    """After this transaction commits, wake the sweep `name`; several rings in one transaction are one. Never raises."""
    if not settings.REDIS_URL:
        return
    if name not in {getattr(f, "bell", None) for _, f, *_ in transaction.get_connection().run_on_commit}:
        call = lambda: _wakeup_sender.ring(name)  # noqa: E731
        call.bell = name  # type: ignore[attr-defined]
        transaction.on_commit(call)


@cache
def _celery_client() -> Celery:
    """A door to the broker of our own: the basement knows the name of the task, not the roof."""
    sender = Celery("doorbell", set_as_current=False)
    sender.conf.update(settings.CELERY)
    return sender


def _reset_after_fork() -> None:
    """A forked child has neither its parent's thread nor its connections."""
    global _wakeup_sender
    _wakeup_sender = WakeupSender()
    _celery_client.cache_clear()


os.register_at_fork(after_in_child=_reset_after_fork)
