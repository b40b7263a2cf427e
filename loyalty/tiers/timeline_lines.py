"""How tiers look on the timeline, and the names of the facts that they push down."""

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel.ui.languages import pick
from customers.profiles import facts, timeline
from customers.profiles.timeline import Kind


def _name(data: dict[str, Any]) -> dict[str, str]:
    return {"tier": pick(data["names"], get_language() or "en")}


timeline.groups["loyalty"] = gettext_lazy("Loyalty")
timeline.register("tier_reached", Kind("award", lambda data: _("Reached the tier %(tier)s") % _name(data), "loyalty"))
timeline.register(
    "tier_kept", Kind("award", lambda data: _("Keeps the tier %(tier)s for another term") % _name(data), "loyalty")
)
timeline.register("tier_lowered", Kind("arrow-down", lambda data: _("Tier is now %(tier)s") % _name(data), "loyalty"))
timeline.register("tier_manual", Kind("award", lambda data: _("Staff set the tier %(tier)s") % _name(data), "loyalty"))

facts.kinds["tier"] = gettext_lazy("Tier")
facts.kinds["service_level"] = gettext_lazy("Service level")
