"""What the audit log calls the acts of this app, and the things that they were done to."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels

labels.action_labels.update(
    {
        "coupon.shared": _("Shared coupon made"),
        "redemption.cancelled": _("Redemption cancelled"),
        "reward.added": _("Reward added"),
        "reward.changed": _("Reward changed"),
        "member_link.sent": _("Link to the member page sent"),
        "member_link.made": _("Link to the member page made"),
        "points.liability_exported": _("Points liability exported"),
        "points.adjusted": _("Points adjusted"),
        "points.adjustment_undone": _("Adjustment of points undone"),
        "earning_rule.changed": _("Earning rule changed"),
        "tier.set": _("Tier set by hand"),
        "tier.changed": _("Tier changed"),
    }
)
labels.object_labels.update(
    {
        "loyalty.coupon": _("Coupon"),
        "loyalty.redemption": _("Redemption"),
        "loyalty.reward": _("Reward"),
        "loyalty.earningrule": _("Earning rule"),
        "loyalty.tier": _("Tier"),
    }
)
