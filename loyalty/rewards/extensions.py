"""How redemptions and coupons look on the timeline."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.languages import pick_text
from customers.profiles import timeline
from customers.profiles.timeline import TimelineKind


def _words(data: dict[str, Any]) -> dict[str, str]:
    language = translation.get_language() or "en"
    return {
        "name": pick_text(data.get("names") or {}, language),
        "points": money.format_number(data.get("points", 0), language),
        "code": data.get("code", ""),
        "reference": data.get("reference", ""),
    }


timeline.register_timeline_kind(
    "reward_redeemed",
    TimelineKind("gift", lambda data: _("Redeemed %(name)s for %(points)s points") % _words(data), "loyalty"),
)
timeline.register_timeline_kind(
    "redemption_cancelled",
    TimelineKind(
        "arrow-return-left",
        lambda data: _("Redemption of %(name)s cancelled, %(points)s points returned") % _words(data),
        "loyalty",
    ),
)
timeline.register_timeline_kind(
    "coupon_issued",
    TimelineKind("ticket-perforated", lambda data: _("Coupon received: %(name)s") % _words(data), "loyalty"),
)
timeline.register_timeline_kind(
    "coupon_used",
    TimelineKind(
        "ticket-perforated", lambda data: _("Coupon %(code)s used for %(reference)s") % _words(data), "loyalty"
    ),
)
