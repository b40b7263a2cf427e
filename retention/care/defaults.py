"""The programmes of a fresh start, with texts in three languages; switched off until somebody has reviewed them."""

from typing import Any

from django.db import transaction

from crm.kernel.ops import defaults
from crm.kernel.time import clock
from retention.care import services, trigger_settings
from retention.care.choices import ProgramKind
from retention.care.models import CareProgram

BIRTHDAY_TEXTS = {
    "en": {
        "subject": "Happy birthday, {{ name }}",
        "body": "Dear {{ name }},\n\n"
        "all of us at {{ company }} wish you a very happy birthday and a good year ahead.\n\n"
        "Thank you for being with us. If there is anything we can do for you, [write to us]({{ help_page }}).\n\n"
        "Warmly,\n{{ company }}",
    },
    "zh-hans": {
        "subject": "{{ name }}，祝您生日快乐",
        "body": "{{ name }}，您好：\n\n"
        "值此生日之际，{{ company }}全体伙伴祝您生日快乐，新的一岁平安顺遂。\n\n"
        "感谢您一路相伴。有任何需要，欢迎[给我们留言]({{ help_page }})。\n\n"
        "{{ company }} 敬上",
    },
    "zh-hant": {
        "subject": "{{ name }}，祝您生日快樂",
        "body": "{{ name }} 您好：\n\n"
        "在您生日的這個日子，{{ company }} 所有夥伴祝您生日快樂，新的一歲平安順心。\n\n"
        "謝謝您一直以來的支持。有任何需要，歡迎[留言給我們]({{ help_page }})。\n\n"
        "{{ company }} 敬上",
    },
}
EXPIRING_TEXTS = {
    "en": {
        "subject": "{{ points }} points expire on {{ date }}",
        "body": "Dear {{ name }},\n\n"
        "**{{ points }} points** in your account can be used until the end of {{ date }}.\n\n"
        "Perhaps there is something among our rewards that you would like. Until then the points are yours to spend.\n\n"
        "Best wishes,\n{{ company }}",
    },
    "zh-hans": {
        "subject": "{{ points }} 积分将于 {{ date }}到期",
        "body": "{{ name }}，您好：\n\n"
        "您账户中有 **{{ points }} 积分**将于 {{ date }}到期，当天仍可使用。\n\n"
        "不妨看看有没有您喜欢的奖励，到期之前随时可以兑换。\n\n"
        "{{ company }} 敬上",
    },
    "zh-hant": {
        "subject": "{{ points }} 點將於 {{ date }}到期",
        "body": "{{ name }} 您好：\n\n"
        "您帳戶裡有 **{{ points }} 點**將於 {{ date }}到期，當天仍可使用。\n\n"
        "看看有沒有您喜歡的獎勵，到期前隨時都能兌換。\n\n"
        "{{ company }} 敬上",
    },
}
LAPSED_TEXTS = {
    "en": {
        "subject": "{{ name }}, we have not seen you for a while",
        "body": "Dear {{ name }},\n\n"
        "it has been some time since your last visit, and we would be glad to see you again.\n\n"
        "As a small welcome back, this coupon is yours: **{{ coupon }}**, valid until {{ coupon_until }}.\n\n"
        "If something was not right last time, [please tell us]({{ help_page }}). We will put it in order.\n\n"
        "Best wishes,\n{{ company }}",
    },
    "zh-hans": {
        "subject": "{{ name }}，有一阵子没见到您了",
        "body": "{{ name }}，您好：\n\n"
        "有一阵子没见到您了，我们很期待再次为您服务。\n\n"
        "为您准备了一张优惠券：**{{ coupon }}**，{{ coupon_until }}前有效。\n\n"
        "如果上次有哪里不满意，请[留言告诉我们]({{ help_page }})，我们一定妥善处理。\n\n"
        "{{ company }} 敬上",
    },
    "zh-hant": {
        "subject": "{{ name }}，好一陣子沒見到您了",
        "body": "{{ name }} 您好：\n\n"
        "好一陣子沒見到您了，我們很期待再次為您服務。\n\n"
        "為您準備了一張優惠券：**{{ coupon }}**，{{ coupon_until }}前有效。\n\n"
        "如果上次有哪裡不滿意，請[留言告訴我們]({{ help_page }})，我們一定好好處理。\n\n"
        "{{ company }} 敬上",
    },
}
DEFAULT_PROGRAMS: tuple[dict[str, Any], ...] = (
    {
        "key": "birthday",
        "kind": ProgramKind.BIRTHDAY,
        "names": {"en": "Birthday greeting", "zh-hans": "生日祝福", "zh-hant": "生日祝福"},
        "texts": BIRTHDAY_TEXTS,
        "exits_on_goal": False,
    },
    {
        "key": "points-expiring",
        "kind": ProgramKind.EXPIRING,
        "names": {"en": "Points about to expire", "zh-hans": "积分到期提醒", "zh-hant": "點數到期提醒"},
        "texts": EXPIRING_TEXTS,
        "exits_on_goal": False,
    },
    {
        "key": "lapsed-buyer",
        "kind": ProgramKind.LAPSED,
        "names": {"en": "Lapsed buyer", "zh-hans": "沉睡客户唤醒", "zh-hant": "久未回購關懷"},
        "texts": LAPSED_TEXTS,
        "exits_on_goal": True,
    },
)


@defaults.register_defaults("care")
@transaction.atomic
def ensure_default_programs() -> None:
    """Make the programmes that are missing; what staff changed stays."""
    for wanted in DEFAULT_PROGRAMS:
        texts, fields = wanted["texts"], {name: value for name, value in wanted.items() if name not in ("key", "texts")}
        at = clock.now()
        program, is_new = CareProgram.objects.get_or_create(key=wanted["key"], defaults={**fields, "created_at": at})
        if is_new:
            services.publish_version(
                program=program, settings=trigger_settings.SETTINGS_CLASSES[program.kind](), texts=texts, at=at, by=None
            )
