"""What the company may set about tickets."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel import company


@dataclass(frozen=True)
class TicketSettings:
    """Where answers come back to, and when a solved ticket is closed for good."""

    title = _("Tickets")
    note = _("Where answers come back to, and when a solved ticket is closed for good.")
    icon = "inbox"
    reply_address: str = company.setting_field(
        "support@evergreen.example",
        _("Address for answers"),
        _("Answers to our mails come here; a ticket's own key is added after a plus sign."),
    )
    close_after_days: int = company.setting_field(
        14, _("Days until a solved ticket is closed"), _("Until then an answer of the customer opens it again.")
    )


company.register_settings("tickets", TicketSettings)
