"""How redemptions and coupons are shown on the timeline and in the audit log."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import money
from crm.kernel.audit import labels
from crm.kernel.ui.languages import pick_text
from customers.profiles import timeline
from customers.profiles.timeline import TimelineKind
from loyalty.rewards import selectors
from loyalty.tiers import benefits
from loyalty.tiers.models import Tier


def _timeline_values(data: dict[str, Any]) -> dict[str, str]:
    language = translation.get_language() or "en"
    return {
        "name": pick_text(data.get("names") or {}, language),
        "points": money.format_number(data.get("points", 0), language),
        "code": data.get("code", ""),
        "reference": data.get("reference", ""),
    }


timeline.register_timeline_kind(
    "reward_redeemed",
    TimelineKind("gift", lambda data: _("Redeemed %(name)s for %(points)s points") % _timeline_values(data), "loyalty"),
)
timeline.register_timeline_kind(
    "redemption_cancelled",
    TimelineKind(
        "arrow-return-left",
        lambda data: _("Redemption of %(name)s cancelled, %(points)s points returned") % _timeline_values(data),
        "loyalty",
    ),
)
timeline.register_timeline_kind(
    "coupon_issued",
    TimelineKind("ticket-perforated", lambda data: _("Coupon received: %(name)s") % _timeline_values(data), "loyalty"),
)
timeline.register_timeline_kind(
    "coupon_used",
    TimelineKind(
        "ticket-perforated",
        lambda data: _("Coupon %(code)s used for %(reference)s") % _timeline_values(data),
        "loyalty",
    ),
)
timeline.register_timeline_kind(
    "coupon_returned",
    TimelineKind(
        "arrow-return-left",
        lambda data: _("Coupon %(code)s given back: %(reference)s was cancelled or refunded") % _timeline_values(data),
        "loyalty",
    ),
)


@benefits.register_benefit_source
def _rewards_of_tiers(tiers: list[Tier]) -> dict[int, list[str]]:
    """Rewards that only this tier and higher ones may redeem. One query."""
    exclusive = [reward for reward in selectors.offered_rewards() if reward.tier_rank]
    return {
        tier.pk: [
            _("Reward: %(name)s") % {"name": reward.name} for reward in exclusive if reward.tier_rank <= tier.rank
        ]
        for tier in tiers
    }


labels.action_labels.update(
    {
        "coupon.returned": gettext_lazy("Coupon given back"),
        "coupon.shared": gettext_lazy("Shared coupon made"),
        "redemption.cancelled": gettext_lazy("Redemption cancelled"),
        "reward.added": gettext_lazy("Reward added"),
        "reward.changed": gettext_lazy("Reward changed"),
    }
)
labels.object_labels.update(
    {
        "loyalty.coupon": gettext_lazy("Coupon"),
        "loyalty.redemption": gettext_lazy("Redemption"),
        "loyalty.reward": gettext_lazy("Reward"),
    }
)
