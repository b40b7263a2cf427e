"""The ground: append-only by privilege, the one clock, events inline and later."""

import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from crm.kernel import audit
from crm.kernel.audit.models import AuditEntry
from crm.kernel.background import events, jobs
from crm.kernel.background.events import delivery
from crm.kernel.background.events.models import EventDelivery
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock


@pytest.fixture
def something_happened():
    @dataclass(frozen=True, kw_only=True)
    class SomethingHappened(events.DomainEvent, name="something_happened"):
        """`ids` are of nothing in particular."""

    yield SomethingHappened
    del events.event_types["something_happened"]
    events.inline_listeners.pop("something_happened", None)
    events.later_listeners.pop("something_happened", None)


@pytest.mark.rule("PL-11")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditentry SET action = 'x'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_audit_refuses_change_by_the_product(statement):
    audit.record_audit_entry("house.built")

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().action == "house.built"


def test_clock_moves_here_and_in_sql(at):
    at("2026-02-28T10:00:00+08:00")

    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_now()")
        (in_sql,) = cursor.fetchone()

    assert clock.today("Asia/Shanghai").isoformat() == "2026-02-28"
    assert abs(clock.now() - in_sql) < timedelta(seconds=1)


@pytest.mark.django_db
def test_inline_listener_fails_the_change(something_happened):
    @events.register_listener(something_happened)
    def refuse(batch):
        raise ValueError("no")

    with pytest.raises(ValueError), transaction.atomic():
        audit.record_audit_entry("doomed.act")
        events.announce_event(something_happened(ids=[1], at=clock.now()))

    assert not AuditEntry.objects.exists()


@pytest.mark.rule("PL-50")
@pytest.mark.django_db
def test_later_listener_is_tried_thrice_then_set_aside(something_happened, at):
    heard = []

    @events.register_listener(something_happened, later=True)
    def fail(batch):
        heard.append(batch.ids)
        raise ValueError("still no")

    events.announce_event(something_happened(ids=[7, 8], at=clock.now()))
    for minutes in range(0, 30, 10):
        delivery.deliver_due_events(clock.now() + timedelta(minutes=minutes))

    row = EventDelivery.objects.get()
    assert heard == [[7, 8]] * 3
    assert (row.state, row.attempts) == ("quarantined", 3)
    assert "still no" in row.error


@pytest.mark.rule("PL-22")
@pytest.mark.django_db(transaction=True)
def test_job_inside_a_long_transaction_keeps_its_lease(monkeypatch):
    monkeypatch.setattr(jobs.job_run, "RENEW_SECONDS", 0.05)
    row = Job.objects.create(kind="x", title="x", state="running", created_at=clock.now())

    attempt = jobs.JobRun(row)

    with attempt.keep_lease(), transaction.atomic():
        attempt.report_progress(3, 7)
        time.sleep(0.5)
        Job.objects.exists()

    row.refresh_from_db()
    assert (row.done, row.total) == (3, 7)
    assert row.lease_until > clock.database_now()
