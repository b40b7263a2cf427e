"""What staff can do with a programme: write its texts and settings, start, pause, stop it, take back what has not gone."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth.models import User
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.outbox import deferral
from retention.care.choices import EnrollmentState, ProgramState
from retention.care.models import CareProgram, Enrollment, ProgramVersion, Step
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS
from retention.care.version_settings import VersionSettings

ProgramTexts = Mapping[str, Mapping[str, str]]
SOURCE_TYPE = "care"


class ProgramNotReady(Exception):
    """The programme cannot start; the message says what is missing."""


class NoPostalAddress(ProgramNotReady):
    """The company has not said where it is, and every mail of care must."""


class WrongProgramState(Exception):
    """This cannot be done with a programme in this state."""


@transaction.atomic
def start_program(
    *, program: CareProgram, at: datetime, by: User | None, smallest_effect: Decimal | None
) -> CareProgram:
    """Switch a reviewed programme on. The smallest effect that counts is fixed here, before anybody enters.

    Occasions of today still count; what was before is not made good. A paused programme goes on with `resume`.
    """
    program = _lock_program(program, ProgramState.OFF)
    _require_postal_address()
    _require_texts(program)
    program.state = ProgramState.ON
    program.smallest_effect = smallest_effect
    program.started_at = program.planned_until = at
    program.save(update_fields=["state", "smallest_effect", "started_at", "planned_until"])
    audit.record_audit_entry(
        "care.started", program, by=by, after={"holdout": str(program.holdout_share), "effect": str(smallest_effect)}
    )
    return program


@transaction.atomic
def pause_program(*, program: CareProgram, at: datetime, by: User | None) -> CareProgram:
    """Nobody enters and no step runs until `resume`; messages in the outbox still go out, unless they are recalled."""
    program = _lock_program(program, ProgramState.ON)
    return _change_state(program, ProgramState.PAUSED, "care.paused", by)


@transaction.atomic
def resume_program(*, program: CareProgram, at: datetime, by: User | None) -> CareProgram:
    """Go on where it was paused: missed days are caught up within their window, the rest is written down as too late."""
    program = _lock_program(program, ProgramState.PAUSED)
    _require_postal_address()
    return _change_state(program, ProgramState.ON, "care.resumed", by)


@transaction.atomic
def stop_program(*, program: CareProgram, at: datetime, by: User | None) -> CareProgram:
    """Switch it off: who waits leaves, and what has not gone out is taken back."""
    program = _lock_program(program, ProgramState.ON, ProgramState.PAUSED)
    _exit_unfinished_enrollments(program, "stopped", at)
    return _change_state(program, ProgramState.OFF, "care.stopped", by)


@transaction.atomic
def recall_messages(*, program: CareProgram, at: datetime, by: User | None) -> int:
    """Take back every message that has not gone out, and end the way of who waits; returns how many."""
    program = _lock_program(program, *ProgramState.values)
    count = _exit_unfinished_enrollments(program, "recalled", at)
    audit.record_audit_entry("care.recalled", program, by=by, count=count)
    return count


@transaction.atomic
def change_holdout(*, program: CareProgram, share: Decimal, by: User | None) -> CareProgram:
    """Change the share for who enters from now on; nobody who entered changes their arm."""
    program = _lock_program(program, *ProgramState.values)
    if share != program.holdout_share:
        audit.record_audit_entry(
            "care.holdout_changed",
            program,
            by=by,
            before={"share": str(program.holdout_share)},
            after={"share": str(share)},
        )
        program.holdout_share = share
        program.save(update_fields=["holdout_share"])
    return program


@transaction.atomic
def change_program_settings(
    *, program: CareProgram, share: Decimal, settings: VersionSettings, at: datetime, by: User | None
) -> CareProgram:
    """Holdout and settings for who enters from now on; the texts stay."""
    program = change_holdout(program=program, share=share, by=by)
    step = step_with_texts(program)
    publish_version(program=program, settings=settings, texts=step.texts if step else {}, at=at, by=by)
    return program


@transaction.atomic
def publish_version(
    *, program: CareProgram, settings: VersionSettings, texts: ProgramTexts, at: datetime, by: User | None
) -> ProgramVersion:
    """A new version of settings and texts for who enters from now on; without a change the version stays."""
    program = _lock_program(program, *ProgramState.values)
    steps, serialized = version_steps(program.kind, settings, texts), settings.serialize()
    if program.current and program.current.settings == serialized and _has_same_steps(program.current, steps):
        return program.current
    number = program.current.number + 1 if program.current else 1
    version = ProgramVersion.objects.create(
        program=program,
        number=number,
        settings=serialized,
        created_at=at,
        created_by=by,
    )
    Step.objects.bulk_create(
        Step(version=version, position=position, kind=kind, texts=words)
        for position, (kind, words) in enumerate(steps, start=1)
    )
    program.current = version
    program.save(update_fields=["current"])
    audit.record_audit_entry(
        "care.published",
        program,
        by=by,
        after={"version": number, "settings": serialized},
    )
    return version


def version_steps(kind: str, settings: VersionSettings, texts: ProgramTexts) -> list[tuple[str, ProgramTexts]]:
    """What a version does: the steps of its kind of programme that its settings want, with their texts."""
    step_kinds = [STEP_KINDS.get(name) for name in TRIGGER_KINDS.get(kind).step_kinds]
    return [
        (step_kind.kind, texts if step_kind.has_texts else {})
        for step_kind in step_kinds
        if step_kind.is_wanted(settings.steps[step_kind.kind])
    ]


def step_with_texts(program: CareProgram) -> Step | None:
    """The step of the current version that has the programme's texts."""
    steps = program.current.steps.all() if program.current else []
    return next((step for step in steps if STEP_KINDS.get(step.kind).has_texts), None)


def _has_same_steps(version: ProgramVersion, steps: list[tuple[str, ProgramTexts]]) -> bool:
    return list(version.steps.values_list("kind", "texts")) == steps


def _lock_program(program: CareProgram, *states: str) -> CareProgram:
    locked = CareProgram.objects.select_for_update(no_key=True).get(pk=program.pk)
    if locked.state not in states:
        raise WrongProgramState(
            _("The programme is %(state)s now. Reload the page.") % {"state": locked.get_state_display().lower()}
        )
    return locked


def _change_state(program: CareProgram, state: ProgramState, action: str, by: User | None) -> CareProgram:
    audit.record_audit_entry(action, program, by=by, before={"state": program.state}, after={"state": state.value})
    program.state = state
    program.save(update_fields=["state"])
    return program


def _exit_unfinished_enrollments(program: CareProgram, reason: str, at: datetime) -> int:
    exited = {"state": EnrollmentState.EXITED, "reason": reason, "finished_at": at, "due_at": None}
    enrollments = Enrollment.objects.filter(program=program)
    gone = enrollments.filter(state=EnrollmentState.WAITING).update(**exited)
    deferral.drop_source_messages(
        source_type=SOURCE_TYPE, source_ids=[program.public_id], reason=MessageReason.RECALLED, at=at
    )
    recalled = {"message__state": MessageState.DROPPED, "message__reason": MessageReason.RECALLED}
    return gone + enrollments.filter(state=EnrollmentState.IN_PROGRESS, **recalled).update(**exited)


def _require_postal_address() -> None:
    if not company.get_company().postal_address.strip():
        raise NoPostalAddress(_("Every care mail names the company's postal address, and none is set yet."))


def _require_texts(program: CareProgram) -> None:
    step = step_with_texts(program)
    missing = [
        code for code in ("en", "zh-hans", "zh-hant") if step is None or not step.texts.get(code, {}).get("subject")
    ]
    if missing:
        raise ProgramNotReady(_("A text is missing: %(languages)s") % {"languages": ", ".join(missing)})
