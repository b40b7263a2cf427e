"""Probes: alive whatever happens, ready only with database, migrations and room, and figures of what waits."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor

from crm.kernel import audit
from crm.kernel.audit import seal_chain
from crm.kernel.background import scheduler
from crm.kernel.background.events.models import Event, EventDelivery
from crm.kernel.background.jobs.models import Job
from crm.kernel.background.models import SweepRun
from crm.kernel.ops import health
from crm.kernel.time import clock

Room = namedtuple("Room", "total used free")


def away(*_args, **_more):
    raise OperationalError("the database is away")


@pytest.mark.rule("PL-52")
def test_process_is_alive_without_a_database(client):
    """Without the mark `django_db` a query would fail."""
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.rule("PL-52")
@pytest.mark.django_db
@pytest.mark.parametrize(("broker", "status"), [(True, "ok"), (False, "degraded")])
def test_ready_with_a_database_and_degraded_without_a_broker(client, monkeypatch, broker, status):
    monkeypatch.setattr(health, "_broker_answers", lambda: broker)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": status, "problems": []})


@pytest.mark.rule("PL-50", "PL-52")
def test_not_ready_while_the_database_is_away(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "__init__", away)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "problems": ["database: OperationalError"]}


@pytest.mark.rule("PL-52")
@pytest.mark.django_db
def test_not_ready_before_the_migrations(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["0001", "0002"])

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["problems"]) == (503, ["migrations: 2 not applied"])


@pytest.mark.rule("PL-52")
@pytest.mark.django_db
@pytest.mark.parametrize(("free", "status"), [(49, 503), (50, 200)])
def test_not_ready_when_the_disk_is_nearly_full(client, monkeypatch, free, status):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: Room(1000, 1000 - free, free))

    assert client.get("/readyz").status_code == status


@pytest.mark.rule("PL-10")
def test_figures_are_for_those_who_run_the_place(client, client_as, db):
    assert client.get("/statusz").status_code == 302  # to sign in
    assert client_as("sales").get("/statusz").status_code == 403
    assert client_as("manager").get("/statusz").status_code == 200


@pytest.mark.rule("PL-52")
def test_figures_of_an_idle_place(client_as):
    figures = client_as("admin").get("/statusz").json()

    expected = {"tick_age_seconds": None, "deliveries_due": 0, "oldest_delivery_seconds": 0, "jobs": {}}
    assert {name: figures[name] for name in expected} == expected


@pytest.mark.rule("PL-52")
def test_figures_tell_what_waits_and_for_how_long(client_as, at):
    at("2026-03-02T12:00:00+08:00")
    now = clock.now()
    event = Event.objects.create(name="something_happened", ids=[1], at=now, created_at=now)
    for listener, state, age in (("a", "due", 90), ("b", "due", 30), ("c", "quarantined", 900)):
        EventDelivery.objects.create(
            event=event, listener=listener, state=state, next_attempt_at=now - timedelta(seconds=age)
        )
    SweepRun.objects.create(name="tick", ran_at=now - timedelta(seconds=200))
    for state in ("queued", "queued", "running", "done"):
        Job.objects.create(kind="x", title="x", state=state, created_at=now)

    figures = client_as("admin").get("/statusz").json()

    assert 200 <= figures["tick_age_seconds"] <= 210
    assert 90 <= figures["oldest_delivery_seconds"] <= 100
    assert (figures["deliveries_due"], figures["deliveries_quarantined"]) == (2, 1)
    assert figures["jobs"] == {"queued": 2, "running": 1}


@pytest.mark.rule("PL-52", "PL-11")
def test_figures_say_how_long_the_audit_waits_for_its_seal(client_as):
    admin = client_as("admin")
    seal_chain.seal_new_entries(clock.now())
    assert admin.get("/statusz").json()["audit"] == {"unsealed": 0, "oldest_unsealed_seconds": 0}

    with clock.move_clock(clock.now() - timedelta(seconds=40)):
        audit.record_audit_entry("kernel.tested")

    waiting = admin.get("/statusz").json()["audit"]
    assert waiting["unsealed"] == 1
    assert 40 <= waiting["oldest_unsealed_seconds"] <= 60


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_every_minute_leaves_its_trace():
    assert scheduler.run_scheduled_task("tick") == 1

    assert clock.now() - SweepRun.objects.get(name="tick").ran_at < timedelta(seconds=10)
