"""The mail whose link confirms a sign-up."""

from django.utils.translation import gettext_lazy as _

from customers.messaging.choices import MessagePurpose, MessageTopic
from customers.messaging.content import template_catalog
from customers.messaging.content.template_catalog import TemplateVariable

CONFIRM_TEMPLATE = "signup_confirm"


def declare_confirmation() -> None:
    """Offer the text on the page of templates, where the company may change it."""
    template_catalog.declare_template(
        CONFIRM_TEMPLATE,
        name=_("Confirm a sign-up"),
        purpose=MessagePurpose.TRANSACTIONAL,
        topic=MessageTopic.SERVICE,
        variables={
            "link": TemplateVariable(_("The link that confirms"), "https://shop.example/sign-up/…"),
            "days": TemplateVariable(_("Days that the link works"), "7"),
        },
        texts={
            "en": {
                "subject": "Please confirm: mail from {{ company }}",
                "body": "Hello {{ name }},\n\nsomebody, you we hope, asked for news and offers of {{ company }} at this address. "
                "One click confirms it.\n\n[Yes, write to me]({{ link }})\n\n"
                "It was not you? Then do nothing: you will hear no more of us. The link works for {{ days }} days.",
            },
            "zh-hans": {
                "subject": "请确认：订阅{{ company }}的邮件",
                "body": "{{ name }}，您好！\n\n有人用这个邮箱订阅了{{ company }}的资讯和优惠，想必是您本人。点击下面的按钮即可确认。\n\n"
                "[确认订阅]({{ link }})\n\n如果不是您本人操作，请忽略这封邮件，我们不会再打扰您。链接 {{ days }} 天内有效。",
            },
            "zh-hant": {
                "subject": "請確認：訂閱{{ company }}的郵件",
                "body": "{{ name }}，您好：\n\n有人用這個信箱訂閱了{{ company }}的消息與優惠，應該就是您本人。按下方按鈕即可確認。\n\n"
                "[確認訂閱]({{ link }})\n\n如果不是您本人操作，請忽略這封郵件，我們不會再打擾您。連結 {{ days }} 天內有效。",
            },
        },
    )
