"""A real worker at a real import: killed in the middle, and cut short by the time limit; every row comes in once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Count

from crm.config.celery import app
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from crm.launcher.paths import PROJECT_ROOT
from crm.launcher.valkey import Valkey
from customers.importing import services
from customers.importing.models import Import, ImportRow
from customers.orders import summaries
from customers.orders.models import Order, OrderLine

pytestmark = [
    pytest.mark.fault,
    pytest.mark.slow,
    pytest.mark.rule("PL-22", "PL-50"),
    pytest.mark.django_db(transaction=True),
]
ROWS = 30_000
PATIENCE_SECONDS = 120
WORKER = """
import sys
import django
django.setup()
from crm.config import celery
from customers.importing import execution
execution.GROUPS_PER_CHUNK = 500
celery.jobs.soft_time_limit, celery.jobs.time_limit = float(sys.argv[1]), 90
celery.app.worker_main(["worker", "--concurrency", "2", "--without-mingle"])
"""


@pytest.fixture
def worker(broker: Valkey) -> Iterator[Callable[[float], subprocess.Popen[bytes]]]:
    """Starts a worker, with a time limit of so many seconds for jobs; all are ended afterwards."""
    started = []

    def start(limit: float) -> subprocess.Popen[bytes]:
        here = connection.settings_dict
        url = f"postgresql://{here['USER']}@/{here['NAME']}?host={here['HOST'] or here['OPTIONS'].get('host', '')}"
        environ = {**os.environ, "DATABASE_URL": url, "REDIS_URL": broker.url(), "CRM_DEV": "1"}
        quiet = subprocess.DEVNULL
        order = [sys.executable, "-c", WORKER, str(limit)]
        started.append(
            subprocess.Popen(order, cwd=PROJECT_ROOT, env=environ, stdout=quiet, stderr=quiet, start_new_session=True)
        )
        return started[-1]

    yield start
    for process in started:
        _kill(process)


@pytest.fixture
def job(db: None) -> Job:
    """An import of thirty thousand orders, asked for."""
    lines = "".join(f"O{n},2026-01-05,C{n % 900},Person {n % 900},A,1,{n % 7 + 1}\n" for n in range(ROWS))
    content = ContentFile(("order id,order date,customer id,name,sku,quantity,sales\n" + lines).encode())
    batch = services.create_import(file=content, name="orders.csv", kind="orders", at=clock.now())
    return services.start_import(batch=batch, by=None)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and its children, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ring_until(broker: Valkey, job: Job, reached: Callable[[], bool]) -> None:
    """What the scheduler does every five seconds, until it is so."""
    until = time.monotonic() + PATIENCE_SECONDS
    with app.connection_for_write(url=broker.url()) as line:
        while not reached():
            assert time.monotonic() < until, Job.objects.filter(pk=job.pk).values().get()
            app.send_task("crm.config.celery.jobs", connection=line, expires=5)
            time.sleep(0.5)


def _assert_every_row_came_in_once(job: Job) -> None:
    outcomes = ImportRow.objects.values_list("outcome").annotate(n=Count("*"))
    assert dict(outcomes) == {"created": ROWS}
    assert (Order.objects.count(), OrderLine.objects.count()) == (ROWS, ROWS)
    assert Import.objects.get(job=job).counts["orders"] == {"created": ROWS, "updated": 0, "unchanged": 0}
    assert summaries.customers_with_wrong_summary() == []


def test_import_whose_worker_is_killed_goes_on_in_the_next_one(worker, broker, job):
    rows = lambda: ImportRow.objects.exclude(outcome=None).count()  # noqa: E731
    first = worker(90)
    _ring_until(broker, job, lambda: rows() > ROWS // 10)
    _kill(first)
    came_in = rows()
    job.refresh_from_db()
    assert (job.state, 0 < came_in < ROWS) == ("running", True)

    Job.objects.update(lease_until=clock.database_now() - jobs.job_run.LEASE_TIME)  # the minute of the lease passes
    worker(90)
    _ring_until(broker, job, lambda: Job.objects.filter(pk=job.pk, state="done").exists())

    job.refresh_from_db()
    assert job.fence == 2
    _assert_every_row_came_in_once(job)


def test_import_longer_than_a_task_may_be_comes_to_its_end_in_several(worker, broker, job):
    worker(2)
    _ring_until(broker, job, lambda: Job.objects.filter(pk=job.pk, state__in=["done", "failed"]).exists())

    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert job.fence > 1, (job.finished_at - job.started_at, job.attempts, job.result)
    _assert_every_row_came_in_once(job)
