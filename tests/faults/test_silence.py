"""A worker whose broker has fallen silent ends itself; one that hears its bells stays (fault F8)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from crm.launcher.paths import PROJECT_ROOT
from crm.launcher.valkey import Valkey

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.rule("PL-50")]
SILENT_SECONDS = "3"


@pytest.fixture
def program(broker: Valkey) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a Celery program on that broker; all are ended afterwards."""
    started = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "REDIS_URL": broker.url(), "CRM_SILENT_SECONDS": SILENT_SECONDS, "CRM_DEV": "1"}
        order = [sys.executable, "-m", "celery", "-A", "crm.config.celery", *arguments]
        started.append(
            subprocess.Popen(order, cwd=PROJECT_ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_idle_worker_that_hears_nothing_ends_itself(program) -> None:
    worker = program("worker", "--pool", "solo", "--without-mingle")

    assert worker.wait(45) is not None


def test_worker_that_hears_its_bells_stays(program, broker: Valkey) -> None:
    import redis

    from crm.config.celery import app

    worker = program("worker", "--pool", "solo", "--without-mingle")
    with app.connection_for_write(url=broker.url()) as line:
        until = time.monotonic() + 14
        while time.monotonic() < until:
            app.send_task("crm.config.celery.ring", args=["nothing_is_called_so"], connection=line, expires=30)
            time.sleep(0.5)

    assert worker.poll() is None
    assert redis.Redis.from_url(broker.url()).llen("celery") == 0  # it was not deaf all the time
