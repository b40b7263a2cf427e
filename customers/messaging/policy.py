"""The company's policy for messages: a group of settings, and what the governor reads from it."""

from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.company import setting_field
from customers.messaging.choices import MessageTopic
from customers.messaging.rules import ChannelPolicy

CONSENT_NOTICE = _("Allowed before the customer has said anything. The law of most countries asks for consent first.")


@dataclass(frozen=True)
class MessagingSettings:
    """Quiet hours, daily cap, senders, and what holds for customers who said nothing."""

    title = _("Messages")
    note = _("Quiet hours, how often, senders, and what holds for customers who have said nothing.")
    icon = "send"
    quiet_from: time = setting_field(time(21), _("Quiet hours begin"), _("In the customer's own time zone."))
    quiet_until: time = setting_field(time(8), _("Quiet hours end"), _("What came in between is sent now."))
    daily_cap: int = setting_field(
        1, _("Care messages per day"), _("So many care and survey messages an address gets on one local day.")
    )
    control_percent: int = setting_field(
        0,
        _("Global control group, per cent"),
        _("So many customers get no care and no surveys, to measure the effect."),
    )
    sender_care: str = setting_field(
        "", _("Sender of care mail"), _("Name <address>; empty: the sender of the installation.")
    )
    sender_service: str = setting_field(
        "", _("Sender of service mail"), _("Name <address>; empty: the sender of the installation.")
    )
    email_service: bool = setting_field(
        True, _("E-mail about service without asking"), _("Receipts and answers belong to the contract.")
    )
    email_care: bool = setting_field(False, _("E-mail care without asking"), CONSENT_NOTICE)
    email_promotions: bool = setting_field(False, _("E-mail promotions without asking"), CONSENT_NOTICE)
    email_surveys: bool = setting_field(False, _("E-mail surveys without asking"), CONSENT_NOTICE)
    email_news: bool = setting_field(False, _("E-mail news without asking"), CONSENT_NOTICE)
    sms_service: bool = setting_field(
        True, _("SMS about service without asking"), _("Receipts and answers belong to the contract.")
    )
    sms_care: bool = setting_field(False, _("SMS care without asking"), CONSENT_NOTICE)
    sms_promotions: bool = setting_field(False, _("SMS promotions without asking"), CONSENT_NOTICE)
    sms_surveys: bool = setting_field(False, _("SMS surveys without asking"), CONSENT_NOTICE)
    sms_news: bool = setting_field(False, _("SMS news without asking"), CONSENT_NOTICE)


company.register_settings("messaging", MessagingSettings)


def channel_policy(channel: str) -> ChannelPolicy:
    """The company's policy for a channel."""
    saved = company.get_settings(MessagingSettings)
    return ChannelPolicy(
        quiet_from=saved.quiet_from,
        quiet_until=saved.quiet_until,
        daily_cap=max(0, saved.daily_cap),
        control_rate=saved.control_percent / 100,
        defaults={topic: getattr(saved, f"{channel}_{topic}", False) for topic in MessageTopic.values},
    )


def default_consent(channel: str, topic: str) -> bool:
    """True where customers who said nothing may be written to about the topic."""
    return bool(getattr(company.get_settings(MessagingSettings), f"{channel}_{topic}", False))
