"""The programmes of a fresh start, with texts in three languages; switched off until somebody has reviewed them."""

from django.db import transaction

from crm.kernel.ops import defaults
from crm.kernel.time import clock
from retention.care import services
from retention.care.models import CareProgram
from retention.care.triggers.base import TRIGGER_KINDS, DefaultProgram


@defaults.register_defaults("care")
@transaction.atomic
def ensure_default_programs() -> None:
    """Make the programmes that are missing; what staff changed stays."""
    for trigger in TRIGGER_KINDS.all():
        if trigger.default_program is not None:
            _ensure_program(trigger.kind, trigger.default_program)


def _ensure_program(kind: str, default: DefaultProgram) -> None:
    at = clock.now()
    fields = {"kind": kind, "names": default.names, "exits_on_goal": default.exits_on_goal, "created_at": at}
    program, is_new = CareProgram.objects.get_or_create(key=default.key, defaults=fields)
    if is_new:
        services.publish_version(program=program, settings=program.settings, texts=default.texts, at=at, by=None)
