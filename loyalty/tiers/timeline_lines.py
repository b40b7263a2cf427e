"""How tiers look on the timeline, and the names of the facts that they push down."""

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel.ui.languages import pick_text
from customers.profiles import timeline
from customers.profiles.timeline import TimelineKind


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
