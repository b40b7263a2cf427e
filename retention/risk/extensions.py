"""What risk shows on the customer page: how late somebody is by their rhythm, why, and what is at stake."""

from datetime import timedelta
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
from retention.risk import common_rhythm, labels, rules
from retention.risk.rules import PurchaseHistory, RiskLevel

ONE_DAY = timedelta(days=1)


def risk_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """Quiet days against the usual gap, the level, and what they would bring in a year; nothing for who has none."""
    summary: CustomerSummary | None = getattr(customer, "summary", None)
    if summary is None or summary.first_order_at is None or summary.last_order_at is None:
        return None
    active_days, common = company.get_company().active_days, common_rhythm.get_common_rhythm()
    usual_gap = summary.gap_days if summary.gap_days is not None else common.gap_days if common else None
    if usual_gap is None:
        return None
    quiet = (clock.now() - summary.last_order_at).days
    late_after = _gap_multiple_days(usual_gap, rules.AT_RISK)
    high_after = max(late_after, _gap_multiple_days(common.ranking_gap_days if common else usual_gap, rules.HIGH))
    level, score = facts.get_fact(customer, "risk") or (RiskLevel.LOW.value, None)
    span = Decimal((summary.last_order_at - summary.first_order_at) / ONE_DAY)
    history = PurchaseHistory(summary.purchase_days, span, summary.net_spend)
    return {
        "level": level,
        "score": score,
        "gone": quiet > active_days,
        "active_days": active_days,
        "reason": labels.risk_reason_text(quiet, usual_gap, is_own=summary.gap_days is not None),
        "quiet": quiet,
        "scale": max(late_after * 2, round(high_after * Decimal("1.33"))),
        "late_after": late_after,
        "high_after": high_after,
        "worth": rules.value_at_risk(history, common),
    }


def _gap_multiple_days(gap: Decimal, times: Decimal) -> int:
    return round(max(gap, rules.SHORTEST_GAP_DAYS) * times)


def contact_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """For who is at risk: that they should hear from us, why, and what is at stake."""
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
