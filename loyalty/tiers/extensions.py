"""How the facts of tiers look in lists and filters elsewhere."""

from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language

from crm.kernel.http.request_memo import Remembered
from crm.kernel.ui.languages import pick
from customers.profiles.facts import Look, Shown
from loyalty.tiers.choices import ServiceLevel
from loyalty.tiers.models import Tier
from loyalty.tiers.services import NAMES

REMEMBERED_SECONDS = 300


def _read() -> dict[str, dict[str, Any]]:
    """Names and colours by code, in the order of rank; no query within five minutes."""
    found: dict[str, dict[str, Any]] | None = cache.get(NAMES)
    if found is None:
        rows = Tier.objects.order_by("rank").values("code", "names", "ramp")
        found = {row["code"]: dict(row) for row in rows}
        cache.set(NAMES, found, REMEMBERED_SECONDS)
    return found


_tiers = Remembered(_read)


def _tier(value: str, number: Decimal | None) -> Shown:
    known = _tiers().get(value)
    if known is None:
        return Shown(value)
    return Shown(pick(known["names"], get_language() or "en"), "tier", str(known["ramp"]))


def _tier_choices() -> list[tuple[str, str]]:
    return [(code, pick(tier["names"], get_language() or "en")) for code, tier in _tiers().items()]


def _level(value: str, number: Decimal | None) -> Shown:
    return Shown(str(dict(ServiceLevel.choices).get(value, value)))


TIER = Look(_tier, _tier_choices)
SERVICE_LEVEL = Look(_level, lambda: [(value, str(label)) for value, label in ServiceLevel.choices])
