"""What the texts of a programme may say, and the values of it for each customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.messaging.content.template_catalog import TemplateVariable
from feedback.tickets import emails
from retention.care.models import Enrollment, Step
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS, VariableValues

HELP_PAGE_VARIABLE = {
    "help_page": TemplateVariable(
        _("The page on which the customer can write to us"), "https://evergreen.example/help/"
    )
}


def program_variables(kind: str) -> Mapping[str, TemplateVariable]:
    """What the texts of a kind of programme may say, beside the variables of every message (name, full_name, company)."""
    trigger = TRIGGER_KINDS.get(kind)
    variables = {**HELP_PAGE_VARIABLE, **trigger.variables}
    for step_kind in trigger.step_kinds:
        variables |= STEP_KINDS.get(step_kind).variables
    return variables


def text_values(step: Step, enrollments: Sequence[Enrollment], now: datetime) -> Mapping[int, VariableValues]:
    """Enrolment id → values for the texts of a step: of the trigger and of the steps before it. An enrolment to which
    nothing is left to be told is missing."""
    own = TRIGGER_KINDS.get(step.version.program.kind).variable_values(enrollments, now) if enrollments else {}
    values: dict[int, dict[str, Any]] = {
        pk: {**shared_values(), **trigger_values} for pk, trigger_values in own.items()
    }
    addressed = [enrollment for enrollment in enrollments if enrollment.pk in values]
    for earlier in Step.objects.filter(version=step.version_id, position__lt=step.position).select_related(
        "version__program"
    ):
        for pk, step_values in STEP_KINDS.get(earlier.kind).variable_values(earlier, addressed, now).items():
            values[pk] |= step_values
    return values


def shared_values() -> dict[str, str]:
    """What is the same for everybody: no mail comes in, so a text leads to the page on which one writes to us."""
    return {"help_page": emails.help_page_url()}
