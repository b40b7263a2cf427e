"""Real worker and beat on a broker that fails: two beats plan once, an emptied broker costs nothing but a hint."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis
from django.db import connection

from crm.config.celery import app
from crm.kernel import company
from crm.kernel.background.models import SweepRun
from crm.kernel.time import clock
from crm.launcher.paths import PROJECT_ROOT
from crm.launcher.valkey import Valkey
from crm.tools.proofs.scratch_database import urls_of_database
from crm.tools.proofs.smtp_sink import SmtpSink
from customers.messaging import consent
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import MessageDraft, enqueue_messages
from retention.care import defaults, services
from retention.care.models import CareProgram, Enrollment
from tests.faults.test_server import until

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 30
WORKER = [
    "-m",
    "celery",
    "-A",
    "crm.config.celery",
    "worker",
    "--concurrency",
    "2",
    "--without-mingle",
    "--without-gossip",
]
# The product's own beat, its minute shortened to a second.
QUICK = "import sys; from crm.config.celery import app; app.conf.beat_schedule['tick']['schedule'] = 1;"
BEAT = ["-c", f"{QUICK} app.Beat(schedule=sys.argv[1], quiet=True).run()"]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as listening:
        yield listening


@pytest.fixture
def start(broker: Valkey, sink: SmtpSink) -> Iterator[Callable[..., None]]:
    """Starts Python programs of the product on this test's database, broker and mail server; all are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []
    environ = _environ(broker, sink)

    def begin(*arguments: str) -> None:
        started.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT_ROOT,
                env=environ,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    yield begin
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environ(broker: Valkey, sink: SmtpSink) -> dict[str, str]:
    database = urls_of_database(connection.settings_dict["NAME"])
    own = {
        "REDIS_URL": broker.url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "CRM_DEV": "1",
        "LOG_LEVEL": "CRITICAL",
    }
    return {**os.environ, **database, **own}


def noon() -> str:
    """A time zone in which it is noon now: birthdays are open, nobody sleeps."""
    hour = clock.now().hour
    return f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/GMT"


@pytest.fixture
def people(make_customer: Callable[..., Any]) -> list[Any]:
    """Customers who agreed and have their birthday today."""
    now, zone = clock.now(), noon()
    day = now.astimezone(ZoneInfo(zone)).date()
    born = {"birth_month": day.month, "birth_day": day.day, "time_zone": zone}
    found = [make_customer(f"Person {n}", email=f"person{n}@shop.example", **born) for n in range(PEOPLE)]
    consent.record_consents(
        statements=[consent.ConsentStatement(each.pk, "email", "care", "given") for each in found],
        source="form",
        at=now,
    )
    return found


@pytest.mark.rule("RC-3", "PL-50")
def test_two_beats_at_once_plan_each_occasion_once(start, people, sink, tmp_path) -> None:
    company.change_settings(company.CompanySettings, {"postal_address": "1 Beat Street"}, by=None)
    defaults.ensure_default_programs()
    program = CareProgram.objects.get(key="birthday")
    services.change_holdout(program=program, share=Decimal(0), by=None)
    services.start_program(program=program, at=clock.now() - timedelta(hours=1), by=None, smallest_effect=None)
    start(*WORKER)
    for name in ("one", "two"):
        start(*BEAT, str(tmp_path / name))

    until(lambda: len(sink.taken) >= PEOPLE, 40)
    planned = SweepRun.objects.get(name="care").ran_at
    until(lambda: SweepRun.objects.get(name="care").ran_at > planned + timedelta(seconds=2))  # they plan on

    assert sorted(sink.recipients()) == sorted(person.email for person in people)
    assert Enrollment.objects.count() == OutboundMessage.objects.count() == PEOPLE


@pytest.mark.rule("PL-50")
def test_emptied_broker_costs_a_hint_and_no_mail(start, people, broker, sink, tmp_path) -> None:
    drafts = [
        MessageDraft(
            customer_id=person.pk, purpose="care", topic="care", source_type="test", source_id=1,
            occasion_key="broker", subject="Hello", text="Good day.",
        )
        for person in people
    ]  # fmt: skip
    enqueue_messages(drafts, clock.now())
    valkey = redis.Redis.from_url(broker.url())
    with app.connection_for_write(url=broker.url()) as line:
        app.send_task("crm.config.celery.ring", args=["outbox"], connection=line)
    assert valkey.llen("celery") == 1
    valkey.flushall()

    start(*WORKER)
    until(lambda: valkey.client_list() and len(valkey.client_list()) > 2)
    time.sleep(3)
    assert sink.taken == []  # the hint was lost indeed: without beat nobody knows

    start(*BEAT, str(tmp_path / "beat"))
    emptied = time.monotonic() + 8
    while time.monotonic() < emptied:
        valkey.flushall()
        time.sleep(0.3)
    until(lambda: len(sink.taken) >= PEOPLE, 40)
    until(lambda: not OutboundMessage.objects.exclude(state="accepted").exists())

    assert sorted(sink.recipients()) == sorted(person.email for person in people)
