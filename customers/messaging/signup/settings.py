"""What the company may set about the sign-up form."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.kernel import company


@dataclass(frozen=True)
class SignupSettings:
    """Whether strangers may sign up for mail, and whether they confirm it first."""

    title = _("Sign-up form")
    note = _("A public page on which people agree to news and offers by e-mail.")
    icon = "person-plus"
    is_open: bool = company.setting_field(
        False, _("The page is open"), _("At /sign-up/, in three languages. While it is closed nobody finds it.")
    )
    is_confirmed_by_mail: bool = company.setting_field(
        True,
        _("Confirm by a link in a mail"),
        _("Nobody can sign somebody else up. Without it anybody can, and courts do not take it for consent."),
    )
