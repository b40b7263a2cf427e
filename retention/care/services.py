"""What staff can do with a programme: write its texts and settings, start, pause, stop it, take back what has not gone."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.outbox import deferral
from retention.care import trigger_settings
from retention.care.choices import EnrollmentState, ProgramState, StepKind
from retention.care.models import CareProgram, Enrollment, ProgramVersion, Step
from retention.care.trigger_settings import TriggerSettings

ProgramTexts = dict[str, dict[str, str]]
SOURCE_TYPE = "care"


class ProgramNotReady(Exception):
    """The programme cannot start; the message says what is missing."""


class NoPostalAddress(ProgramNotReady):
    """The company has not said where it is, and every mail of care must."""


class WrongProgramState(Exception):
    """This cannot be done with a programme in this state."""


@transaction.atomic
def start_program(*, program: CareProgram, at: datetime, by: Any, smallest_effect: Decimal | None) -> CareProgram:
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
def pause_program(*, program: CareProgram, at: datetime, by: Any) -> CareProgram:
    """Nobody enters and no step runs until `resume`; messages in the outbox still go out, unless they are recalled."""
    program = _lock_program(program, ProgramState.ON)
    return _change_state(program, ProgramState.PAUSED, "care.paused", by)


@transaction.atomic
def resume_program(*, program: CareProgram, at: datetime, by: Any) -> CareProgram:
    """Go on where it was paused: missed days are caught up within their window, the rest is written down as too late."""
    program = _lock_program(program, ProgramState.PAUSED)
    _require_postal_address()
    return _change_state(program, ProgramState.ON, "care.resumed", by)


@transaction.atomic
def stop_program(*, program: CareProgram, at: datetime, by: Any) -> CareProgram:
    """Switch it off: who waits leaves, and what has not gone out is taken back."""
    program = _lock_program(program, ProgramState.ON, ProgramState.PAUSED)
    _exit_unfinished_enrollments(program, "stopped", at)
    return _change_state(program, ProgramState.OFF, "care.stopped", by)


@transaction.atomic
def recall_messages(*, program: CareProgram, at: datetime, by: Any) -> int:
    """Take back every message that has not gone out, and end the way of who waits; returns how many."""
    program = _lock_program(program, *ProgramState.values)
    count = _exit_unfinished_enrollments(program, "recalled", at)
    audit.record_audit_entry("care.recalled", program, by=by, count=count)
    return count


@transaction.atomic
def change_holdout(*, program: CareProgram, share: Decimal, by: Any) -> CareProgram:
    """Change the share for who enters from now on; nobody who entered changes his arm."""
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
    *, program: CareProgram, share: Decimal, settings: TriggerSettings, at: datetime, by: Any
) -> CareProgram:
    """Holdout and settings for who enters from now on; the texts stay."""
    program = change_holdout(program=program, share=share, by=by)
    message = program.current.steps.filter(kind=StepKind.MESSAGE).first() if program.current else None
    publish_version(program=program, settings=settings, texts=message.texts if message else {}, at=at, by=by)
    return program


@transaction.atomic
def publish_version(
    *, program: CareProgram, settings: TriggerSettings, texts: ProgramTexts, at: datetime, by: Any
) -> ProgramVersion:
    """A new version of settings and texts for who enters from now on; without a change the version stays."""
    program = _lock_program(program, *ProgramState.values)
    steps = version_steps(settings, texts)
    if (
        program.current
        and program.current.settings == trigger_settings.serialize_settings(settings)
        and _has_same_steps(program.current, steps)
    ):
        return program.current
    number = program.current.number + 1 if program.current else 1
    version = ProgramVersion.objects.create(
        program=program,
        number=number,
        settings=trigger_settings.serialize_settings(settings),
        created_at=at,
        created_by=by if getattr(by, "pk", None) else None,
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
        after={"version": number, "settings": trigger_settings.serialize_settings(settings)},
    )
    return version


def version_steps(settings: TriggerSettings, texts: ProgramTexts) -> list[tuple[str, ProgramTexts]]:
    """What a version does: a coupon first where the settings give one, then the message."""
    coupon: list[tuple[str, ProgramTexts]] = [(StepKind.COUPON.value, {})] if getattr(settings, "coupon", False) else []
    return [*coupon, (StepKind.MESSAGE.value, texts)]


def _has_same_steps(version: ProgramVersion, steps: list[tuple[str, ProgramTexts]]) -> bool:
    return list(version.steps.values_list("kind", "texts")) == steps


def _lock_program(program: CareProgram, *states: str) -> CareProgram:
    locked = CareProgram.objects.select_for_update(no_key=True).get(pk=program.pk)
    if locked.state not in states:
        raise WrongProgramState(
            _("The programme is %(state)s now. Reload the page.") % {"state": locked.get_state_display().lower()}
        )
    return locked


def _change_state(program: CareProgram, state: ProgramState, action: str, by: Any) -> CareProgram:
    audit.record_audit_entry(action, program, by=by, before={"state": program.state}, after={"state": state.value})
    program.state = state
    program.save(update_fields=["state"])
    return program


def _exit_unfinished_enrollments(program: CareProgram, reason: str, at: datetime) -> int:
    exited = {"state": EnrollmentState.EXITED, "reason": reason, "finished_at": at, "due_at": None}
    mine = Enrollment.objects.filter(program=program)
    gone = mine.filter(state=EnrollmentState.WAITING).update(**exited)
    deferral.drop_source_messages(
        source_type=SOURCE_TYPE, source_ids=[program.public_id], reason=MessageReason.RECALLED, at=at
    )
    recalled = {"message__state": MessageState.DROPPED, "message__reason": MessageReason.RECALLED}
    return gone + mine.filter(state=EnrollmentState.IN_PROGRESS, **recalled).update(**exited)


def _require_postal_address() -> None:
    if not company.get_company().postal_address.strip():
        raise NoPostalAddress(_("Every care mail names the company's postal address, and none is set yet."))


def _require_texts(program: CareProgram) -> None:
    step = program.current.steps.filter(kind=StepKind.MESSAGE).first() if program.current else None
    missing = [
        code for code in ("en", "zh-hans", "zh-hant") if step is None or not step.texts.get(code, {}).get("subject")
    ]
    if missing:
        raise ProgramNotReady(_("A text is missing: %(languages)s") % {"languages": ", ".join(missing)})
