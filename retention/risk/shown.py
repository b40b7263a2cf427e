"""How the risk looks in lists and filters elsewhere."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


RISK = Look(_risk, _choices)
