"""Words and tones for where enrolments stand and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.messaging.choices import MessageReason
from retention.care.choices import EnrollmentOutcome
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS

OUTCOME_TONES = {EnrollmentOutcome.ACCEPTED: "good", EnrollmentOutcome.FAILED: "bad", EnrollmentOutcome.UNKNOWN: "warn"}
EXIT_REASONS: dict[str, Any] = {
    "goal": _("Bought before the message went out."),
    "stopped": _("The programme was switched off."),
    "recalled": _("Recalled before it was sent."),
    "late": _("It would have come too late."),
}


def reason_text(reason: str) -> str:
    """Why somebody stands where they stand, in a sentence."""
    words = dict(EXIT_REASONS)
    for trigger in TRIGGER_KINDS.all():
        words |= trigger.exit_reasons
    for step_kind in STEP_KINDS.all():
        words |= step_kind.exit_reasons
    if reason in words:
        return str(words[reason])
    return str(MessageReason(reason).label) if reason in MessageReason.values else reason


def reason_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Reasons in words, the commonest first."""
    return [(reason_text(reason), count) for reason, count in sorted(counts.items(), key=lambda item: -item[1])]
