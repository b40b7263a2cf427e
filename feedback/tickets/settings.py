"""What the company may set about tickets."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel import company

DEFAULT_REPLY_ADDRESS = "support@evergreen.example"


@dataclass(frozen=True)
class TicketSettings:
    """Where answers come back to, when a solved ticket is closed for good, and how often the public form may be sent."""

    title = _("Tickets")
    note = _("Where answers come back to, and when a solved ticket is closed for good.")
    icon = "inbox"
    reply_address: str = company.setting_field(
        DEFAULT_REPLY_ADDRESS,
        _("Address for answers"),
        _("Answers to our mails come here; a ticket's own key is added after a plus sign."),
    )
    is_reply_address_read: bool = company.setting_field(
        False,
        _("Answers by mail are read"),
        _(
            "A program hands the mails of this address to the tickets. Otherwise our mails ask to answer on the own page."
        ),
    )
    close_after_days: int = company.setting_field(
        14, _("Days until a solved ticket is closed"), _("Until then an answer of the customer opens it again.")
    )
    requests_per_hour: int = company.setting_field(
        5, _("Requests per hour and person"), _("The public form takes so many of one address from one connection.")
    )
    requests_per_hour_and_network: int = company.setting_field(
        300,
        _("Requests per hour and connection"),
        _("All people behind one internet connection together: a shop or an office shares one."),
    )


company.register_settings("tickets", TicketSettings)
