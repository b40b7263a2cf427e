"""The company's rules for messages: a group of settings, and what the governor reads from it."""

from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel import company
from crm.kernel.company import setting
from customers.messaging.choices import Topic
from customers.messaging.rules import Policy

NEEDS_CONSENT = _("Allowed before the customer has said anything. The law of most countries asks for consent first.")


@dataclass(frozen=True)
class MessagingSettings:
    """Quiet hours, cap, senders, and what holds for customers who said nothing."""

    title = _("Messages")
    note = _("Quiet hours, how often, senders, and what holds for customers who have said nothing.")
    icon = "send"
    quiet_from: time = setting(time(21), _("Quiet hours begin"), _("In the customer's own time zone."))
    quiet_until: time = setting(time(8), _("Quiet hours end"), _("What came in between is sent now."))
    daily_cap: int = setting(
        1, _("Care messages per day"), _("So many care and survey messages an address gets on one local day.")
    )
    control_percent: int = setting(
        0,
        _("Global control group, per cent"),
        _("So many customers get no care and no surveys, to measure the effect."),
    )
    sender_care: str = setting(
        "", _("Sender of care mail"), _("Name <address>; empty: the sender of the installation.")
    )
    sender_service: str = setting(
        "", _("Sender of service mail"), _("Name <address>; empty: the sender of the installation.")
    )
    email_service: bool = setting(
        True, _("E-mail about service without asking"), _("Receipts and answers belong to the contract.")
    )
    email_care: bool = setting(False, _("E-mail care without asking"), NEEDS_CONSENT)
    email_promotions: bool = setting(False, _("E-mail promotions without asking"), NEEDS_CONSENT)
    email_surveys: bool = setting(False, _("E-mail surveys without asking"), NEEDS_CONSENT)
    email_news: bool = setting(False, _("E-mail news without asking"), NEEDS_CONSENT)
    sms_service: bool = setting(
        True, _("SMS about service without asking"), _("Receipts and answers belong to the contract.")
    )
    sms_care: bool = setting(False, _("SMS care without asking"), NEEDS_CONSENT)
    sms_promotions: bool = setting(False, _("SMS promotions without asking"), NEEDS_CONSENT)
    sms_surveys: bool = setting(False, _("SMS surveys without asking"), NEEDS_CONSENT)
    sms_news: bool = setting(False, _("SMS news without asking"), NEEDS_CONSENT)


company.register("messaging", MessagingSettings)


def of(channel: str) -> Policy:
    """The rules of a channel."""
    saved = company.of(MessagingSettings)
    return Policy(
        quiet_from=saved.quiet_from,
        quiet_until=saved.quiet_until,
        daily_cap=max(0, saved.daily_cap),
        control_rate=saved.control_percent / 100,
        defaults={topic: getattr(saved, f"{channel}_{topic}", False) for topic in Topic.values},
    )


def default_consent(channel: str, topic: str) -> bool:
    """What holds for customers who said nothing."""
    return bool(getattr(company.of(MessagingSettings), f"{channel}_{topic}", False))
