"""How the facts, timeline entries and audit entries of tiers are shown."""

from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel.audit import labels
from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.ui.languages import pick_text
from customers.profiles import timeline
from customers.profiles.facts import FactDisplay, FactFormat
from customers.profiles.timeline import TimelineKind
from loyalty.tiers.choices import ServiceLevel
from loyalty.tiers.models import Tier
from loyalty.tiers.services import TIER_NAMES_KEY

TIERS_CACHE_SECONDS = 300


def _read_tiers() -> dict[str, dict[str, Any]]:
    """Names and colours by code, in the order of rank; no query within five minutes."""
    tiers: dict[str, dict[str, Any]] | None = cache.get(TIER_NAMES_KEY)
    if tiers is None:
        rows = Tier.objects.order_by("rank").values("code", "names", "ramp")
        tiers = {row["code"]: dict(row) for row in rows}
        cache.set(TIER_NAMES_KEY, tiers, TIERS_CACHE_SECONDS)
    return tiers


_tiers = RequestMemo(_read_tiers)


def _show_tier(value: str, number: Decimal | None) -> FactDisplay:
    tier = _tiers().get(value)
    if tier is None:
        return FactDisplay(value)
    return FactDisplay(pick_text(tier["names"], get_language() or "en"), "tier", str(tier["ramp"]))


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


def _tier_name(data: dict[str, Any]) -> dict[str, str]:
    return {"tier": pick_text(data["names"], get_language() or "en")}


timeline.timeline_groups["loyalty"] = gettext_lazy("Loyalty")
timeline.register_timeline_kind(
    "tier_reached", TimelineKind("award", lambda data: _("Reached the tier %(tier)s") % _tier_name(data), "loyalty")
)
timeline.register_timeline_kind(
    "tier_kept",
    TimelineKind("award", lambda data: _("Keeps the tier %(tier)s for another term") % _tier_name(data), "loyalty"),
)
timeline.register_timeline_kind(
    "tier_lowered", TimelineKind("arrow-down", lambda data: _("Tier is now %(tier)s") % _tier_name(data), "loyalty")
)
timeline.register_timeline_kind(
    "tier_manual", TimelineKind("award", lambda data: _("Staff set the tier %(tier)s") % _tier_name(data), "loyalty")
)

labels.action_labels.update(
    {"tier.set": gettext_lazy("Tier set by hand"), "tier.changed": gettext_lazy("Tier changed")}
)
labels.object_labels["loyalty.tier"] = gettext_lazy("Tier")
