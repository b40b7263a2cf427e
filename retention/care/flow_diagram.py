"""How a programme is drawn: its steps in boxes, with their numbers."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.kernel import money
from retention.care.choices import EnrollmentOutcome
from retention.care.models import CareProgram, Step
from retention.care.reconciliation import ProgramReconciliation
from retention.care.steps.base import STEP_KINDS, FlowBox, FlowFigures
from retention.care.triggers.base import TRIGGER_KINDS


def program_url(name: str, program: CareProgram, **query: str) -> str:
    """An address of a programme."""
    address = reverse(f"retention:{name}", args=[program.public_id])
    parameters = "&".join(f"{key}={value}" for key, value in query.items() if value)
    return f"{address}?{parameters}" if parameters else address


def flow_boxes(
    program: CareProgram,
    steps: Sequence[Step],
    reconciliation: ProgramReconciliation,
    *,
    message_title: str,
    is_linked: bool,
) -> list[FlowBox]:
    """Trigger → reachable → holdout → the version's steps → goal; the message is called by its subject."""

    def customers_url(outcome: EnrollmentOutcome) -> str:
        return program_url("program_customers", program, outcome=outcome) if is_linked else ""

    figures = FlowFigures(reconciliation, message_title, customers_url)
    goal = _("Goal: buys within %(days)s days") % {"days": program.evaluation_days}
    return [
        _trigger_box(program, reconciliation),
        _reachable_box(figures),
        _holdout_box(program, figures),
        *(STEP_KINDS.get(step.kind).flow_box(step.typed_settings, figures) for step in steps),
        FlowBox("goal", "flag", goal, _("Measured alike for both arms")),
    ]


def _trigger_box(program: CareProgram, reconciliation: ProgramReconciliation) -> FlowBox:
    settings = program.settings.trigger
    return FlowBox(
        kind="trigger",
        icon="lightning",
        title=TRIGGER_KINDS.get(program.kind).title(settings),
        note=_("Every day from %(hour)s:00 where the customer is") % {"hour": f"{settings.send_hour:02}"},
        value=reconciliation.eligible,
        unit=_("eligible"),
        url=program_url("program_customers", program),
    )


def _reachable_box(figures: FlowFigures) -> FlowBox:
    return FlowBox(
        kind="cond",
        icon="funnel",
        title=_("Can be reached"),
        note=_("Consent, address, no suppression"),
        value=_count_unreached(figures.reconciliation),
        unit=_("left out"),
        url=figures.customers_url(EnrollmentOutcome.SUPPRESSED),
    )


def _holdout_box(program: CareProgram, figures: FlowFigures) -> FlowBox:
    language = get_language() or "en"
    held_out = figures.reconciliation.counts_by_outcome[EnrollmentOutcome.HELD_OUT]
    note = ngettext("%(count)s held out, gets nothing from here", "%(count)s held out, get nothing from here", held_out)
    return FlowBox(
        kind="split",
        icon="shuffle",
        title=_("Holdout %(share)s") % {"share": money.format_rate(program.holdout_share, language, 0)},
        note=note % {"count": money.format_number(held_out, language)},
        value=figures.reconciliation.eligible - _count_unreached(figures.reconciliation) - held_out,
        unit=_("treated"),
        url=figures.customers_url(EnrollmentOutcome.HELD_OUT),
    )


def _count_unreached(reconciliation: ProgramReconciliation) -> int:
    counts = reconciliation.counts_by_outcome
    return counts[EnrollmentOutcome.SUPPRESSED] + counts[EnrollmentOutcome.SKIPPED_LATE]
