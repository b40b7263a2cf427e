"""The doorbell with the broker there, gone and hanging (faults F9, F10): it wakes, and never holds anybody up."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from django.db import transaction

from crm.config import settings_celery
from crm.kernel.background import wakeup
from crm.launcher.paths import InstallationPaths
from crm.launcher.valkey import Valkey

pytestmark = [pytest.mark.rule("PL-50"), pytest.mark.fault]
ADDED_AT_MOST = 0.2


@pytest.fixture
def broker(tmp_path, settings) -> Iterator[Valkey]:
    """A broker of the test's own, which the doorbell rings through."""
    server = Valkey(InstallationPaths(tmp_path))
    server.start()
    settings.REDIS_URL, settings.CELERY = server.url(), settings_celery.celery(server.url())
    wakeup._reset_after_fork()
    yield server
    with suppress(ProcessLookupError):
        os.kill(server.child.pid, signal.SIGCONT)
    server.stop()
    wakeup._reset_after_fork()


def seconds_of(name: str) -> float:
    began = time.monotonic()
    wakeup._wakeup_sender.request_wakeup(name)
    return time.monotonic() - began


def waiting(broker: Valkey) -> int:
    return redis.Redis.from_url(broker.url()).llen("celery")


def until(count: int, broker: Valkey) -> None:
    end = time.monotonic() + 10
    while waiting(broker) != count:
        assert time.monotonic() < end, f"{waiting(broker)} bells, not {count}"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_bell_rings_once_per_transaction_and_only_after_it(broker):
    with transaction.atomic():
        wakeup.wake_worker("outbox")
        wakeup.wake_worker("outbox")
        wakeup.wake_worker("jobs")
        assert waiting(broker) == 0

    until(2, broker)


@pytest.mark.django_db(transaction=True)
def test_undone_transaction_rings_nothing(broker):
    with suppress(ZeroDivisionError), transaction.atomic():
        wakeup.wake_worker("outbox")
        raise ZeroDivisionError
    wakeup._wakeup_sender.request_wakeup("after")

    until(1, broker)


def test_a_hundred_commits_in_a_row_ring_a_few_times_and_the_last_is_heard(broker):
    began = time.monotonic()
    for _ in range(100):
        wakeup._wakeup_sender.request_wakeup("deliveries")
        last_asked = time.monotonic()
        time.sleep(0.002)
    rung = int((last_asked - began) / wakeup.GAP_SECONDS) + 2

    time.sleep(2 * wakeup.GAP_SECONDS)
    assert 2 <= waiting(broker) <= rung
    assert wakeup._wakeup_sender.sent_at["deliveries"] > last_asked


def test_dead_broker_holds_nobody_up(broker):
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()

    assert max(seconds_of("outbox") for _ in range(30)) < ADDED_AT_MOST


def test_hanging_broker_holds_nobody_up(broker):
    wakeup._wakeup_sender.request_wakeup("outbox")
    until(1, broker)
    os.kill(broker.child.pid, signal.SIGSTOP)

    assert max(seconds_of("outbox") for _ in range(130)) < ADDED_AT_MOST


def test_ringing_in_the_request_itself_would_hold_it_up(broker):
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()

    began = time.monotonic()
    wakeup.WakeupSender().send_task("outbox")

    assert time.monotonic() - began > ADDED_AT_MOST


def test_broker_that_is_back_is_rung_again(broker, monkeypatch):
    monkeypatch.setattr(wakeup, "PAUSE_SECONDS", 0)
    os.kill(broker.child.pid, signal.SIGKILL)
    broker.child.wait()
    wakeup._wakeup_sender.request_wakeup("lost")
    broker.start()

    end = time.monotonic() + 20
    while not waiting(broker):
        wakeup._wakeup_sender.request_wakeup("outbox")
        assert time.monotonic() < end
        time.sleep(0.1)
