"""Rings the worker after a commit. The bell is a hint: work stands in PostgreSQL and a sweep finds it anyway."""

from functools import cache

import structlog
from celery import Celery
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)


def ring(name: str) -> None:
    """After this transaction commits, wake the sweep `name`; several rings in one transaction are one. Never raises."""
    if not settings.REDIS_URL:
        return
    if name not in {getattr(f, "bell", None) for _, f, *_ in transaction.get_connection().run_on_commit}:
        call = lambda: _send(name)  # noqa: E731
        call.bell = name  # type: ignore[attr-defined]
        transaction.on_commit(call)


@cache
def _sender() -> Celery:
    """A door to the broker of our own: the basement knows the name of the task, not the roof."""
    sender = Celery("doorbell", set_as_current=False)
    sender.conf.update(settings.CELERY)
    return sender


def _send(name: str) -> None:
    try:
        _sender().send_task("crm.celery.ring", args=[name], expires=30, retry=False, ignore_result=True)
    except Exception as error:
        log.warning("doorbell_unheard", bell=name, error=type(error).__name__)
