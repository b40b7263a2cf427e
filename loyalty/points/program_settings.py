"""Settings of the loyalty programme as a whole; what may differ per rule stands in the rule's version."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.company import setting


@dataclass(frozen=True)
class Loyalty:
    """How the programme is called, what a point is worth, and how far staff may go."""

    title = _("Loyalty programme")
    note = _("Its name, what a point is worth, how far staff may go.")
    icon = "award"
    name_en: str = setting("Evergreen Circle", _("Programme name, English"))
    name_hans: str = setting("常青会", _("Programme name, simplified Chinese"))
    name_hant: str = setting("常青會", _("Programme name, traditional Chinese"))
    points_on: bool = setting(True, _("Points"), _("Orders earn points."))
    tiers_on: bool = setting(True, _("Tiers"), _("Spend leads to tiers."))
    point_value: Decimal = setting(
        Decimal("0.01"), _("Value of a point"), _("In the base currency; for liability and quotes.")
    )
    adjust_limit_service: int = setting(500, _("Correction limit, service"), _("Points per correction."))
    adjust_limit_manager: int = setting(20_000, _("Correction limit, managers"), _("Points per correction."))
    cancel_hours: int = setting(24, _("Hours to cancel a redemption"), _("Staff may give the points back so long."))
    link_days: int = setting(90, _("Days a member link works"), _("A new link can be sent at any time."))
    tier_months: int = setting(
        12, _("Months of a tier"), _("A tier is kept so long after it was reached or confirmed.")
    )
    grace_days: int = setting(30, _("Days of grace"), _("Between the end of a tier and going down."))

    @property
    def name(self) -> str:
        language = get_language() or "en"
        return {"zh-hans": self.name_hans, "zh-hant": self.name_hant}.get(language) or self.name_en


company.register("loyalty", Loyalty)


def settings() -> Loyalty:
    """The programme as it is set now."""
    return company.of(Loyalty)


def zone() -> str:
    """The programme's time zone: its days end there."""
    return company.get().time_zone
