"""Settings of the loyalty programme as a whole; what may differ per rule stands in the rule's version."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.company import setting_field


@dataclass(frozen=True)
class LoyaltySettings:
    """How the programme is called, what a point is worth, and how far staff may go."""

    title = _("Loyalty programme")
    note = _("Its name, what a point is worth, how far staff may go.")
    icon = "award"
    name_en: str = setting_field("Evergreen Circle", _("Programme name, English"))
    name_hans: str = setting_field("常青会", _("Programme name, simplified Chinese"))
    name_hant: str = setting_field("常青會", _("Programme name, traditional Chinese"))
    points_on: bool = setting_field(True, _("Points"), _("Orders earn points."))
    tiers_on: bool = setting_field(True, _("Tiers"), _("Spend leads to tiers."))
    point_value: Decimal = setting_field(
        Decimal("0.01"), _("Value of a point"), _("In the base currency; for liability and quotes.")
    )
    adjust_limit_service: int = setting_field(500, _("Correction limit, service"), _("Points per correction."))
    adjust_limit_manager: int = setting_field(20_000, _("Correction limit, managers"), _("Points per correction."))
    cancel_hours: int = setting_field(
        24, _("Hours to cancel a redemption"), _("Staff may give the points back so long.")
    )
    coupons_return: bool = setting_field(
        True, _("Coupons come back"), _("When the order they were used on is cancelled or refunded in full.")
    )
    coupon_return_days: int = setting_field(
        14, _("Days a returned coupon is good"), _("At least so long, also where it has ended meanwhile.")
    )
    link_days: int = setting_field(90, _("Days a member link works"), _("A new link can be sent at any time."))
    tier_months: int = setting_field(
        12, _("Months of a tier"), _("A tier is kept so long after it was reached or confirmed.")
    )
    grace_days: int = setting_field(30, _("Days of grace"), _("Between the end of a tier and going down."))

    @property
    def name(self) -> str:
        language = get_language() or "en"
        return {"zh-hans": self.name_hans, "zh-hant": self.name_hant}.get(language) or self.name_en


company.register_settings("loyalty", LoyaltySettings)


def loyalty_settings() -> LoyaltySettings:
    """The programme as it is set now."""
    return company.get_settings(LoyaltySettings)


def program_time_zone() -> str:
    """The programme's time zone: its days end there."""
    return company.get_company().time_zone
