"""Starting, pausing, stopping, taking back; versions; what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from crm.kernel import company
from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from retention.care import planner, services, step_runner
from retention.care.models import CareProgram, Enrollment, ProgramVersion


def tick():
    """What the minute does."""
    planner.plan_due_programs(clock.now())
    step_runner.run_due_steps(clock.now())
    step_runner.close_ended_enrollments(clock.now())


def test_start_fixes_the_smallest_effect_and_is_audited(at, programs, make_user):
    at("2026-03-10T10:00:00+08:00")
    user = make_user("marketing")

    program = services.start_program(
        program=programs["birthday"], at=clock.now(), by=user, smallest_effect=Decimal("0.03")
    )

    assert (program.state, program.smallest_effect, program.started_at) == (
        "on",
        Decimal("0.03"),
        program.planned_until,
    )
    assert AuditEntry.objects.get(action="care.started").actor == user


@pytest.mark.rule("CU-46")
@pytest.mark.parametrize("address", ["", "  \n"])
def test_nothing_starts_before_the_company_says_where_it_is(at, programs, turn_on, address):
    at("2026-03-10T10:00:00+08:00")
    paused = services.pause_program(program=turn_on("lapsed-buyer"), at=clock.now(), by=None)
    company.change_settings(company.CompanySettings, {"postal_address": address}, by=None)

    with pytest.raises(services.NoPostalAddress, match="postal address"):
        services.start_program(program=programs["birthday"], at=clock.now(), by=None, smallest_effect=None)
    with pytest.raises(services.NoPostalAddress, match="postal address"):
        services.resume_program(program=paused, at=clock.now(), by=None)

    states = (
        CareProgram.objects.filter(key__in=["birthday", "lapsed-buyer"]).order_by("key").values_list("state", flat=True)
    )
    assert list(states) == ["off", "paused"]
    assert not AuditEntry.objects.filter(action="care.started", object_id=programs["birthday"].public_id).exists()
    assert not AuditEntry.objects.filter(action="care.resumed").exists()


def test_start_without_a_text_is_refused(at, programs):
    at("2026-03-10T10:00:00+08:00")
    program = programs["birthday"]
    texts = {"en": {"subject": "Hello", "body": "Hello"}}
    services.publish_version(program=program, settings=program.settings, texts=texts, at=clock.now(), by=None)

    with pytest.raises(services.ProgramNotReady, match="zh-hans, zh-hant"):
        services.start_program(program=program, at=clock.now(), by=None, smallest_effect=None)

    assert CareProgram.objects.get(pk=program.pk).state == "off"


@pytest.mark.rule("RC-8")
def test_pause_lets_nobody_in_and_resume_catches_up(at, make_reader, turn_on):
    at("2026-03-10T08:00:00+08:00")
    program = turn_on("birthday")
    services.pause_program(program=program, at=clock.now(), by=None)
    make_reader(birthday=(3, 10))
    at("2026-03-10T10:00:00+08:00")
    tick()
    assert not Enrollment.objects.exists()

    at("2026-03-11T10:00:00+08:00")
    services.resume_program(program=program, at=clock.now(), by=None)
    tick()

    assert Enrollment.objects.get().occasion_key == "birthday:2026"


@pytest.mark.rule("RC-8")
def test_step_of_a_paused_programme_waits(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))
    program = turn_on("birthday")
    planner.plan_due_programs(clock.now())
    services.pause_program(program=program, at=clock.now(), by=None)

    step_runner.run_due_steps(clock.now())

    assert Enrollment.objects.get().state == "waiting"


@pytest.mark.rule("RC-8")
def test_recall_takes_back_what_has_not_gone_out(at, make_reader, turn_on, make_user):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))
    make_reader("Held", birthday=(3, 10))
    program = turn_on("birthday")
    planner.plan_due_programs(clock.now())
    first = Enrollment.objects.order_by("pk").first()
    Enrollment.objects.exclude(pk=first.pk).update(due_at=clock.now() + timedelta(days=1))
    step_runner.run_due_steps(clock.now())

    count = services.recall_messages(program=program, at=clock.now(), by=make_user("marketing"))

    assert count == 2
    assert set(Enrollment.objects.values_list("state", "reason")) == {("exited", "recalled")}
    assert OutboundMessage.objects.get().state == "dropped"
    assert AuditEntry.objects.get(action="care.recalled").count == 2


@pytest.mark.rule("RC-8")
def test_recall_leaves_what_the_mail_server_has(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    make_reader(birthday=(3, 10))
    program = turn_on("birthday")
    tick()
    OutboundMessage.objects.update(state="accepted", accepted_at=clock.now())
    step_runner.close_ended_enrollments(clock.now())

    assert services.recall_messages(program=program, at=clock.now(), by=None) == 0
    assert (Enrollment.objects.get().state, OutboundMessage.objects.get().state) == ("done", "accepted")


def test_what_the_state_does_not_allow_is_refused(at, programs):
    at("2026-03-10T10:00:00+08:00")

    with pytest.raises(services.WrongProgramState):
        services.pause_program(program=programs["birthday"], at=clock.now(), by=None)
    assert not AuditEntry.objects.filter(action="care.paused").exists()


def test_publishing_the_same_again_makes_no_version(programs):
    program = programs["birthday"]
    texts = program.current.steps.get().texts

    services.publish_version(program=program, settings=program.settings, texts=texts, at=clock.now(), by=None)

    assert program.versions.count() == 1


def test_versions_cannot_be_changed(programs):
    with pytest.raises(ProgrammingError), transaction.atomic():
        ProgramVersion.objects.update(number=7)


@pytest.mark.rule("RC-6")
def test_database_refuses_a_message_for_who_is_held_out(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    for number in range(12):
        make_reader(f"Reader {number}", birthday=(3, 10))
    turn_on("birthday", holdout="0.5")
    tick()
    message = OutboundMessage.objects.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Enrollment.objects.filter(arm="held_out").update(message=message)


@pytest.mark.rule("RC-6")
def test_holdout_changes_nobodys_arm(at, make_reader, turn_on):
    at("2026-03-10T10:00:00+08:00")
    for number in range(12):
        make_reader(f"Reader {number}", birthday=(3, 10))
    program = turn_on("birthday", holdout="0.5")
    tick()
    before = dict(Enrollment.objects.values_list("pk", "arm"))

    services.change_holdout(program=program, share=Decimal(0), by=None)
    tick()

    assert dict(Enrollment.objects.values_list("pk", "arm")) == before
