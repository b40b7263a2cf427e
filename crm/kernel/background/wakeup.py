"""Wakes a worker after a commit. That is a hint: work stands in PostgreSQL, and a scheduled task finds it anyway.

A broker that is away must not hold up a request, and its client may wait for seconds before it gives up. So a thread of
this process sends; the caller waits for it a moment only, and not at all while the broker is known to be away.
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
    """The thread that sends, started by the first request; at most ten messages a second for each task."""

    def __init__(self) -> None:
        self.requests: queue.SimpleQueue[WakeupRequest] = queue.SimpleQueue()
        self.waiting_names: set[str] = set()  # will be sent after this moment
        self.sent_at: dict[str, float] = {}
        self.again_at = 0.0
        self.guard = threading.Lock()
        self.thread: threading.Thread | None = None

    def request_wakeup(self, name: str) -> None:
        """Sent within a moment, or later, or left to the rhythm."""
        if time.monotonic() < self.again_at:
            return
        with self.guard:
            if name in self.waiting_names:
                return
            self.waiting_names.add(name)
            if self.thread is None:
                self.thread = threading.Thread(target=self.send_requests, name="doorbell", daemon=True)
                self.thread.start()
        sent, busy = threading.Event(), not self.requests.empty() or self._pause(name) > 0
        self.requests.put((name, sent))
        if not busy:
            sent.wait(WAIT_SECONDS)

    def send_requests(self) -> None:
        while True:
            name, sent = self.requests.get()
            time.sleep(max(0.0, self._pause(name)))
            with self.guard:
                self.waiting_names.discard(name)
            if time.monotonic() >= self.again_at:
                self.send_task(name)
                self.sent_at[name] = time.monotonic()
            sent.set()

    def _pause(self, name: str) -> float:
        return self.sent_at.get(name, 0.0) + GAP_SECONDS - time.monotonic()

    def send_task(self, name: str) -> None:
        try:
            _celery_client().send_task(
                "crm.config.celery.ring", args=[name], expires=30, retry=False, ignore_result=True
            )
        except Exception as error:
            self.again_at = time.monotonic() + PAUSE_SECONDS
            log.warning("doorbell_unheard", bell=name, error=type(error).__name__)


_wakeup_sender = WakeupSender()


def wake_worker(name: str) -> None:
    """After this transaction commits, wake the task `name`; several requests in one transaction are one. Never raises."""
    if not settings.REDIS_URL:
        return
    if name not in {getattr(f, "bell", None) for _, f, *_ in transaction.get_connection().run_on_commit}:
        call = lambda: _wakeup_sender.request_wakeup(name)  # noqa: E731
        call.bell = name  # type: ignore[attr-defined]
        transaction.on_commit(call)


@cache
def _celery_client() -> Celery:
    """A client of our own: the basement knows the name of the task, not the roof."""
    sender = Celery("doorbell", set_as_current=False)
    sender.conf.update(settings.CELERY)
    return sender


def _reset_after_fork() -> None:
    """A forked child has neither its parent's thread nor its connections."""
    global _wakeup_sender
    _wakeup_sender = WakeupSender()
    _celery_client.cache_clear()


os.register_at_fork(after_in_child=_reset_after_fork)
