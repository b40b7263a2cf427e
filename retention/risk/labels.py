"""How the risk looks in lists and filters elsewhere, and its reason in words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from crm.kernel import company
from crm.kernel.time import clock
from customers.profiles.facts import Look, Shown
from retention.risk.rules import Level

LABEL = gettext_lazy("Risk of leaving")


def _risk(value: str, number: Decimal | None) -> Shown:
    words = dict(_choices())
    if value not in words:
        return Shown(value)
    return Shown(words[value] if number is None else f"{number:.0f}", "risk", value)


def _choices() -> list[tuple[str, str]]:
    return [(Level.HIGH.value, _("high")), (Level.MID.value, _("middle")), (Level.LOW.value, _("low"))]


def _unscored(row: Any) -> Shown | None:
    """Who is not late has no score: low, from the second order on; gone, where the last one is too long ago."""
    if (row.order_count or 0) < 2:
        return None
    active_since = clock.now() - timedelta(days=company.get().active_days)
    return (
        Shown(_("low"), "risk", Level.LOW.value)
        if row.last_order_at >= active_since
        else Shown(pgettext("a customer", "Gone"), "badge")
    )


def reason(quiet_days: int, usual_gap: Decimal) -> str:
    """Why, in words: `94 days quiet, usually buys every 19`."""
    gap = max(1, round(usual_gap))
    return ngettext(
        "%(quiet)s day quiet, usually buys every %(gap)s",
        "%(quiet)s days quiet, usually buys every %(gap)s",
        quiet_days,
    ) % {"quiet": quiet_days, "gap": gap}


RISK = Look(_risk, _choices, _unscored)
