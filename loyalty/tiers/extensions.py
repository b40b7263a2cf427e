"""How the facts of tiers look in lists and filters elsewhere."""

from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext_lazy

from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.ui.languages import pick_text
from customers.profiles.facts import FactDisplay, FactFormat
from loyalty.tiers.choices import ServiceLevel
from loyalty.tiers.models import Tier
from loyalty.tiers.services import TIER_NAMES_KEY

TIERS_CACHE_SECONDS = 300


def _read_tiers() -> dict[str, dict[str, Any]]:
    """Names and colours by code, in the order of rank; no query within five minutes."""
    found: dict[str, dict[str, Any]] | None = cache.get(TIER_NAMES_KEY)
    if found is None:
        rows = Tier.objects.order_by("rank").values("code", "names", "ramp")
        found = {row["code"]: dict(row) for row in rows}
        cache.set(TIER_NAMES_KEY, found, TIERS_CACHE_SECONDS)
    return found


_tiers = RequestMemo(_read_tiers)


def _show_tier(value: str, number: Decimal | None) -> FactDisplay:
    known = _tiers().get(value)
    if known is None:
        return FactDisplay(value)
    return FactDisplay(pick_text(known["names"], get_language() or "en"), "tier", str(known["ramp"]))


def _tier_choices() -> list[tuple[str, str]]:
    return [(code, pick_text(tier["names"], get_language() or "en")) for code, tier in _tiers().items()]


def _show_service_level(value: str, number: Decimal | None) -> FactDisplay:
    return FactDisplay(str(dict(ServiceLevel.choices).get(value, value)))


TIER_FACT = FactFormat(gettext_lazy("Tier"), _show_tier, _tier_choices)
SERVICE_LEVEL_FACT = FactFormat(
    gettext_lazy("Service level"),
    _show_service_level,
    lambda: [(value, str(label)) for value, label in ServiceLevel.choices],
)
