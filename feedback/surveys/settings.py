"""What the company may set about surveys."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel import company


@dataclass(frozen=True)
class SurveySettings:
    """How long customers are left in peace between two surveys."""

    title = _("Surveys")
    note = _("How long people are left in peace between two questions.")
    icon = "chat-square-heart"
    nps_wait_days: int = company.setting_field(
        90, _("Days between two NPS surveys"), _("Nobody is asked to recommend us more often than this.")
    )
    other_wait_days: int = company.setting_field(
        30, _("Days between two other surveys"), _("Satisfaction and all other surveys together.")
    )


company.register_settings("surveys", SurveySettings)
