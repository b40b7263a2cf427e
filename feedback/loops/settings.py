"""What the company may set about following up."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel import company


@dataclass(frozen=True)
class FollowUpSettings:
    """When we ask after a solved ticket, and how soon somebody speaks to an unhappy customer."""

    title = _("Closed loop")
    note = _("When a solved ticket leads to a question, and a low score to a ticket.")
    icon = "arrow-repeat"

    ask_after_hours: int = company.setting_field(
        24, _("Hours from solved to the question"), _("So long after a ticket was solved its customer is asked.")
    )
    ask_after_solving: bool = company.setting_field(
        True, _("Ask after solved tickets"), _("Once per solve; not for tickets that were closed by themselves.")
    )
    low_score_opens_ticket: bool = company.setting_field(
        True, _("A low score opens a ticket"), _("Recommendation of 6 or less, or not satisfied.")
    )
    contact_within_days: int = company.setting_field(
        1, _("Working days until the first contact"), _("By then somebody has spoken to the unhappy customer.")
    )


company.register_settings("loops", FollowUpSettings)
