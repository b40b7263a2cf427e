"""What risk says on the page of the day: who of one's own customers may be leaving."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.workspace.sockets import TodayCard, TodayTile
from retention.reports import risk_list
from retention.risk.models import RiskScore

CARD_ROWS = 6


def _count_own_at_risk(user: User) -> int:
    return RiskScore.objects.filter(customer__owner=user).count()


def _own_list_url() -> str:
    return f"{reverse('customers:customer_list')}?risk=high&risk=mid&owner=me&sort=-risk"


def at_risk_card_context(user: User) -> dict[str, Any] | None:
    """Own customers at risk, the most valuable first; who owns none of them sees those of his scope. At most two queries."""
    now, visible_scores = clock.now(), risk_list.visible_risk_scores(user)
    own_rows = [
        risk_list.build_risk_row(score, now) for score in visible_scores.filter(customer__owner=user)[:CARD_ROWS]
    ]
    rows = own_rows or risk_list.most_valuable_rows(now, user, CARD_ROWS)
    return {"rows": rows, "own": bool(own_rows), "own_list": _own_list_url()} if rows else None


AT_RISK_TILE = TodayTile(
    "at-risk", gettext_lazy("My customers at risk"), "graph-down", _count_own_at_risk, _own_list_url
)
AT_RISK_CARD = TodayCard("at-risk", "retention/reports/today.html", at_risk_card_context)
