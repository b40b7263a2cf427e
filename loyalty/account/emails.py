"""The mail that brings a member the link to his own page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import audit
from customers.messaging import outbox
from customers.messaging.content import template_catalog
from customers.messaging.content.template_catalog import TemplateVariable
from customers.profiles.models import Customer
from loyalty.account import member_links
from loyalty.points import program_settings

LINK_TEMPLATE = "member_link"
UNSENT_STATES = {"dropped", "failed"}

template_catalog.declare_template(
    LINK_TEMPLATE,
    name=gettext_lazy("Link to the member page"),
    purpose="transactional",
    topic="service",
    variables={
        "link": TemplateVariable(gettext_lazy("Link to the member page"), "https://shop.example/m/…"),
        "programme": TemplateVariable(gettext_lazy("Name of the programme"), "Evergreen Circle"),
        "days": TemplateVariable(gettext_lazy("Days the link works"), 90),
    },
    texts={
        "en": {
            "subject": "Your points at {{ company }}",
            "body": "Dear {{ name }},\n\nhere is your own page of {{ programme }}: your points, "
            "what expires next, your tier, rewards and coupons.\n\n"
            "[Open my page]({{ link }})\n\nThe link works for {{ days }} days and shows your account only, "
            "so please keep it to yourself.\n\n{{ company }}",
        },
        "zh-hans": {
            "subject": "您在{{ company }}的积分",
            "body": "{{ name }}，您好：\n\n这是您的{{ programme }}个人页面，可以查看积分、即将到期的积分、会员等级、奖励和优惠券。\n\n"
            "[打开我的页面]({{ link }})\n\n链接 {{ days }} 天内有效，只显示您本人的账户，请勿转发给他人。\n\n{{ company }}",
        },
        "zh-hant": {
            "subject": "您在{{ company }}的點數",
            "body": "{{ name }}，您好：\n\n這是您的{{ programme }}個人頁面，可以查看點數、即將到期的點數、會員等級、獎勵和優惠券。\n\n"
            "[開啟我的頁面]({{ link }})\n\n連結 {{ days }} 天內有效，只顯示您本人的帳戶，請勿轉寄給他人。\n\n{{ company }}",
        },
    },
)


class MemberLinkNotSent(Exception):
    """The door refused the mail; the message says why."""


def send_member_link(*, customer: Customer, by: Any, at: datetime) -> None:
    """Mail the member a fresh link, at most once a minute. Refused: NotSent."""
    if not customer.email:
        raise MemberLinkNotSent(_("This customer has no e-mail address."))
    settings = program_settings.loyalty_settings()
    names = {"en": settings.name_en, "zh-hans": settings.name_hans, "zh-hant": settings.name_hant}
    draft = outbox.MessageDraft(
        customer_id=customer.pk,
        purpose="transactional",
        topic="service",
        source_type=LINK_TEMPLATE,
        source_id=customer.public_id,
        occasion_key=f"{at:%Y-%m-%dT%H:%M}",
        template_key=LINK_TEMPLATE,
        variables={"link": member_links.sign_member_link(customer), "programme": names, "days": settings.link_days},
        by_id=by.pk,
    )
    (message,) = outbox.enqueue_messages([draft], at)
    if message.state in UNSENT_STATES:
        raise MemberLinkNotSent(_("The mail was not sent: %(reason)s") % {"reason": message.get_reason_display()})
    audit.record_audit_entry("member_link.sent", customer, by=by)
