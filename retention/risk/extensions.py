"""What risk shows on the customer page: how late somebody is by his own rhythm, why, and what is at stake."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.orders.models import CustomerSummary
from customers.profiles import facts
from customers.profiles.models import Customer
from customers.workspace.sockets import CustomerPanel
from retention.risk import labels, rules
from retention.risk.rules import RiskLevel


def risk_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """Quiet days against the usual gap, the level, and what the rhythm is worth in a year; nothing for who has none."""
    summary: CustomerSummary | None = getattr(customer, "summary", None)
    if summary is None or summary.gap_days is None or summary.last_order_at is None:
        return None
    gap, quiet, active_days = (
        summary.gap_days,
        (clock.now() - summary.last_order_at).days,
        company.get_company().active_days,
    )
    level, score = facts.get_fact(customer, "risk") or (RiskLevel.LOW.value, None)
    return {
        "level": level,
        "score": score,
        "gone": quiet > active_days,
        "active_days": active_days,
        "reason": labels.risk_reason_text(quiet, gap),
        "quiet": quiet,
        "scale": _gap_multiple_days(gap, rules.HIGH + 1),
        "late_after": _gap_multiple_days(gap, rules.AT_RISK),
        "high_after": _gap_multiple_days(gap, rules.HIGH),
        "worth": rules.value_at_risk(summary.average_order, gap),
    }


def _gap_multiple_days(gap: Decimal, times: Decimal) -> int:
    return round(max(gap, rules.SHORTEST_GAP_DAYS) * times)


def contact_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """For who is at risk: that he should hear from us, why, and what is at stake."""
    context = risk_panel_context(customer, user) if facts.get_fact(customer, "risk") else None
    return {"customer": customer, **context} if context else None


RISK_PANEL = CustomerPanel(
    "risk", labels.RISK_LABEL, "retention/risk/panel.html", risk_panel_context, place="left", order=20
)
CONTACT_PANEL = CustomerPanel(
    "get-in-touch",
    gettext_lazy("Get in touch"),
    "retention/risk/next.html",
    contact_panel_context,
    place="middle",
    order=20,
)
