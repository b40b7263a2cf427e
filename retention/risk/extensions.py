"""What risk shows on the customer page: how late somebody is by his own rhythm, why, and what is at stake."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel import company
from crm.kernel.time import clock
from customers.orders.models import CustomerSummary
from customers.profiles import facts
from customers.profiles.models import Customer
from customers.workspace.sockets import Panel
from retention.risk import labels, rules
from retention.risk.rules import Level


def rhythm(customer: Customer, user: Any) -> dict[str, Any] | None:
    """Quiet days against the usual gap, the level, and what the rhythm is worth in a year; nothing for who has none."""
    summary: CustomerSummary | None = getattr(customer, "summary", None)
    if summary is None or summary.gap_days is None or summary.last_order_at is None:
        return None
    gap, quiet, active_days = summary.gap_days, (clock.now() - summary.last_order_at).days, company.get().active_days
    level, score = facts.known(customer, "risk") or (Level.LOW.value, None)
    return {
        "level": level,
        "score": score,
        "gone": quiet > active_days,
        "active_days": active_days,
        "reason": labels.reason(quiet, gap),
        "quiet": quiet,
        "scale": _days(gap, rules.HIGH + 1),
        "late_after": _days(gap, rules.AT_RISK),
        "high_after": _days(gap, rules.HIGH),
        "worth": rules.value_at_risk(summary.average_order, gap),
    }


def _days(gap: Decimal, times: Decimal) -> int:
    return round(max(gap, rules.SHORTEST_GAP) * times)


def get_in_touch(customer: Customer, user: Any) -> dict[str, Any] | None:
    """For who is at risk: that he should hear from us, why, and what is at stake."""
    found = rhythm(customer, user) if facts.known(customer, "risk") else None
    return {"customer": customer, **found} if found else None


PANEL = Panel("risk", labels.LABEL, "retention/risk/panel.html", rhythm, place="left", order=20)
NEXT = Panel(
    "get-in-touch", gettext_lazy("Get in touch"), "retention/risk/next.html", get_in_touch, place="middle", order=20
)
