"""How the risk looks in lists and filters elsewhere, and its reason in words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from crm.kernel import company, money
from crm.kernel.time import clock
from customers.profiles.facts import FactDisplay, FactFormat
from retention.risk.rules import RiskLevel

RISK_LABEL = gettext_lazy("Risk of leaving")


def _risk_display(value: str, number: Decimal | None) -> FactDisplay:
    words = dict(_level_choices())
    if value not in words:
        return FactDisplay(value)
    return FactDisplay(words[value] if number is None else f"{number:.0f}", "risk", value)


def _level_choices() -> list[tuple[str, str]]:
    return [(RiskLevel.HIGH.value, _("high")), (RiskLevel.MID.value, _("middle")), (RiskLevel.LOW.value, _("low"))]


def _unscored_display(row: Any) -> FactDisplay | None:
    """Who is not late has no score: low, where they have a rhythm of their own; gone, where the last order is too long ago."""
    if row.usual_gap is None:
        return None
    active_since = clock.now() - timedelta(days=company.get_company().active_days)
    return (
        FactDisplay(_("low"), "risk", RiskLevel.LOW.value)
        if row.last_order_at >= active_since
        else FactDisplay(pgettext("a customer", "Gone"), "badge")
    )


def risk_reason_text(quiet_days: int, usual_gap: Decimal, *, is_own: bool) -> str:
    """Why, in words: `94 days quiet, usually buys every 19`, or what customers usually do where they have no rhythm."""
    gap = max(1, int(money.round_half_up(usual_gap)))
    if not is_own:
        return ngettext(
            "%(quiet)s day quiet, customers usually buy every %(gap)s",
            "%(quiet)s days quiet, customers usually buy every %(gap)s",
            quiet_days,
        ) % {"quiet": quiet_days, "gap": gap}
    return ngettext(
        "%(quiet)s day quiet, usually buys every %(gap)s",
        "%(quiet)s days quiet, usually buys every %(gap)s",
        quiet_days,
    ) % {"quiet": quiet_days, "gap": gap}


RISK_FACT = FactFormat(RISK_LABEL, _risk_display, _level_choices, _unscored_display)
