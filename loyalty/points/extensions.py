"""How points look on the timeline."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import money
from customers.profiles import timeline
from customers.profiles.timeline import Kind


def _signed(data: dict[str, Any]) -> dict[str, str]:
    number = money.number(abs(data["points"]), translation.get_language() or "en")
    return {"points": ("+" if data["points"] > 0 else "−") + number}


timeline.register(
    "points_adjusted", Kind("pencil-square", lambda data: _("Points corrected: %(points)s") % _signed(data), "loyalty")
)
timeline.register(
    "points_spent", Kind("bag-check", lambda data: _("Paid with points: %(points)s") % _signed(data), "loyalty")
)
