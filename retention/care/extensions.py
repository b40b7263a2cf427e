"""What care offers to the customer page: why this customer did, or did not, get each message."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel.time import clock
from customers.profiles.models import Customer
from customers.workspace.sockets import Panel
from retention.care import flow_diagram, selectors
from retention.care.choices import Outcome
from retention.care.models import Enrollment

TONES = {Outcome.ACCEPTED: "good", Outcome.FAILED: "bad", Outcome.UNKNOWN: "warn"}


def care_of_customer(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The newest entries with outcome and reason, and what stands against a message now; five queries, however many programmes run."""
    entries = [_line(entry) for entry in selectors.of_customer(customer)]
    against = sorted({flow_diagram.reason(why) for why in selectors.why_not(customer, clock.now()).values()})
    return {"entries": entries, "against": against} if entries or against else None


def _line(entry: Enrollment) -> dict[str, Any]:
    outcome = Outcome(entry.outcome)  # type: ignore[attr-defined]
    why = flow_diagram.reason(entry.why) if entry.why and outcome != Outcome.ACCEPTED else ""  # type: ignore[attr-defined]
    if outcome == Outcome.HELD_OUT:
        why = str(gettext_lazy("In the holdout: got nothing on purpose, so that the effect can be measured."))
    return {"entry": entry, "outcome": outcome, "tone": TONES.get(outcome, ""), "why": why}


PANEL = Panel(
    "care",
    gettext_lazy("Care"),
    "retention/care/panel.html",
    care_of_customer,
    place="right",
    order=60,
    permission="care.view",
)
