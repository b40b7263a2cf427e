"""What risk says on the page of the day: who of one's own customers may be leaving."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.kernel.time import clock
from customers.workspace.sockets import Card, Tile
from retention.reports import risk_list
from retention.risk.models import RiskScore

SHOWN = 6


def _mine(user: Any) -> int:
    return RiskScore.objects.filter(customer__owner=user).count()


def _own_list() -> str:
    return f"{reverse('customers:customer_list')}?risk=high&risk=mid&owner=me&sort=-risk"


def most_valuable(user: Any) -> dict[str, Any] | None:
    """Own customers at risk, the most valuable first; who owns none of them sees those of his scope. At most two queries."""
    now, seen = clock.now(), risk_list.rows(user)
    own = [risk_list.row_of(score, now) for score in seen.filter(customer__owner=user)[:SHOWN]]
    rows = own or risk_list.first(now, user, SHOWN)
    return {"rows": rows, "own": bool(own), "own_list": _own_list()} if rows else None


TILE = Tile("at-risk", gettext_lazy("My customers at risk"), "graph-down", _mine, _own_list)
CARD = Card("at-risk", "retention/reports/today.html", most_valuable)
