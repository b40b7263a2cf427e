"""What care plugs in: its kinds, its words of the audit log, and why a customer did, or did not, get each message."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels as audit_labels
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.profiles.models import Customer
from customers.workspace.sockets import CustomerPanel
from retention.care import labels, selectors
from retention.care.choices import EnrollmentOutcome
from retention.care.models import Enrollment
from retention.care.steps.base import STEP_KINDS
from retention.care.triggers.base import TRIGGER_KINDS

TRIGGER_KINDS.load()
STEP_KINDS.load()

audit_labels.action_labels.update(
    {
        "care.started": gettext_lazy("Care programme started"),
        "care.paused": gettext_lazy("Care programme paused"),
        "care.resumed": gettext_lazy("Care programme resumed"),
        "care.stopped": gettext_lazy("Care programme stopped"),
        "care.recalled": gettext_lazy("Messages of a care programme recalled"),
        "care.published": gettext_lazy("Version of a care programme published"),
        "care.holdout_changed": gettext_lazy("Holdout changed"),
    }
)
audit_labels.object_labels["retention.careprogram"] = gettext_lazy("Care programme")


def care_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """The newest entries with outcome and reason, and what stands against a message now; five queries, however many programmes run."""
    entries = [_enrollment_line(entry) for entry in selectors.enrollments_of_customer(customer)]
    against = sorted({labels.reason_text(why) for why in selectors.refusal_reasons(customer, clock.now()).values()})
    return {"entries": entries, "against": against} if entries or against else None


def _enrollment_line(entry: Enrollment) -> dict[str, Any]:
    outcome = EnrollmentOutcome(entry.outcome)  # type: ignore[attr-defined]
    why = labels.reason_text(entry.why) if entry.why and outcome != EnrollmentOutcome.ACCEPTED else ""  # type: ignore[attr-defined]
    if outcome == EnrollmentOutcome.HELD_OUT:
        why = str(gettext_lazy("In the holdout: got nothing on purpose, so that the effect can be measured."))
    return {"entry": entry, "outcome": outcome, "tone": labels.OUTCOME_TONES.get(outcome, ""), "why": why}


CARE_PANEL = CustomerPanel(
    "care",
    gettext_lazy("Care"),
    "retention/care/panel.html",
    care_panel_context,
    place="right",
    order=60,
    permission="care.view",
)
