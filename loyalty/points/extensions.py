"""How points are shown on the timeline and in the audit log."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import money
from crm.kernel.audit import labels
from customers.profiles import timeline
from customers.profiles.timeline import TimelineKind


def _signed(data: dict[str, Any]) -> dict[str, str]:
    number = money.format_number(abs(data["points"]), translation.get_language() or "en")
    return {"points": ("+" if data["points"] > 0 else "−") + number}


timeline.register_timeline_kind(
    "points_adjusted",
    TimelineKind("pencil-square", lambda data: _("Points corrected: %(points)s") % _signed(data), "loyalty"),
)
timeline.register_timeline_kind(
    "points_spent", TimelineKind("bag-check", lambda data: _("Paid with points: %(points)s") % _signed(data), "loyalty")
)

labels.action_labels.update(
    {
        "points.adjusted": gettext_lazy("Points adjusted"),
        "points.adjustment_undone": gettext_lazy("Adjustment of points undone"),
        "earning_rule.changed": gettext_lazy("Earning rule changed"),
    }
)
labels.object_labels["loyalty.earningrule"] = gettext_lazy("Earning rule")
