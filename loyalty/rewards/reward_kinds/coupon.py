"""A personal coupon: an amount or a percentage off one of the next orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.models import LedgerEntry
from loyalty.rewards import coupons
from loyalty.rewards.choices import DiscountKind
from loyalty.rewards.coupons import CouponSource
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.rewards.reward_kinds.registry import BenefitAlreadyUsed, RewardKind, register_reward_kind
from loyalty.rewards.rules import CouponTerms


class CouponKind(RewardKind):
    """The coupon is valid for `valid_days` and used once; its redemption can be cancelled until then."""

    code = "coupon"
    label = gettext_lazy("Coupon")
    icon = "ticket-perforated"
    form_fields = ("discount", "minimum", "valid_days")

    def form_errors(self, values: Mapping[str, Any]) -> dict[str, str]:
        if values.get("discount") == DiscountKind.PERCENT and values.get("value", 0) > 100:
            return {"value": _("At most 100 per cent.")}
        return {}

    def benefit_text(self, reward: Reward) -> str:
        return coupons.discount_text(reward)

    def issue_benefit(self, *, reward: Reward, entry: LedgerEntry, customer_id: int, at: datetime) -> Coupon:
        terms = CouponTerms(
            reward.discount, reward.value, reward.currency, reward.minimum, reward.valid_days, reward.names
        )
        issued = coupons.issue_personal_coupons(
            customers=[customer_id], terms=terms, source=CouponSource("redemption", str(entry.pk)), at=at
        )
        return issued[customer_id]

    def withdraw_benefit(self, redemption: Redemption, at: datetime) -> None:
        if redemption.coupon_id and not Coupon.objects.filter(pk=redemption.coupon_id, uses=0).update(cancelled_at=at):
            raise BenefitAlreadyUsed(_("The coupon was used already."))

    def redeemed_text(self, redemption: Redemption) -> str:
        return _("Redeemed. Coupon: %(code)s") % {"code": redemption.coupon or ""}

    def member_redeemed_text(self, redemption: Redemption) -> str:
        return _("Done. Your coupon is below.")


register_reward_kind(CouponKind())
