"""The mails of surveys, written in each language; staff may change them among the message templates."""

from django.utils.translation import gettext_lazy as _

from customers.messaging.content.template_catalog import TemplateVariable, declare_template

VARIABLES = {
    "link": TemplateVariable(_("The customer's own link"), "https://evergreen.example/s/example/"),
    "question": TemplateVariable(
        _("The question"),
        {
            "en": "How likely are you to recommend us?",
            "zh-hans": "您有多大可能推荐我们？",
            "zh-hant": "您有多大的可能推薦我們？",
        },
    ),
    "title": TemplateVariable(
        _("The survey's title"), {"en": "Recommendation", "zh-hans": "推荐意愿", "zh-hant": "推薦意願"}
    ),
}


def _score_links(labels: list[str], first: int) -> str:
    """Scores to click; the page only proposes what was clicked."""
    return " ".join(f"[{label}]({{{{ link }}}}?score={step})" for step, label in enumerate(labels, first))


NUMBER_LINKS = _score_links([str(step) for step in range(11)], 0)
STAR_LINKS = _score_links([f"{step} ★" for step in range(1, 6)], 1)
OPEN_LINKS = {
    "en": "[Open the survey]({{ link }})",
    "zh-hans": "[打开问卷]({{ link }})",
    "zh-hant": "[開啟問卷]({{ link }})",
}

REGULAR_GREETINGS = {
    "en": "Hello {{ name }},\n\nthank you for being with us. We have one question:\n\n**{{ question }}**",
    "zh-hans": "{{ name }}，您好！\n\n感谢您一直以来的支持。我们想请教您一个问题：\n\n**{{ question }}**",
    "zh-hant": "{{ name }}，您好：\n\n謝謝您一直以來的支持。我們想請教您一個問題：\n\n**{{ question }}**",
}
AFTER_TICKET_GREETINGS = {
    "en": "Hello {{ name }},\n\nwe marked your last request to us as solved.\n\n**{{ question }}**",
    "zh-hans": "{{ name }}，您好！\n\n您最近一次的请求，我们已标记为解决。\n\n**{{ question }}**",
    "zh-hant": "{{ name }}，您好：\n\n您最近一次的需求，我們已標示為解決。\n\n**{{ question }}**",
}
SCALE_EXPLANATIONS = {
    "en": "0 means not at all, 10 means extremely likely. It takes half a minute.",
    "zh-hans": "0 表示完全不可能，10 表示非常可能，只需半分钟。",
    "zh-hant": "0 表示完全不可能，10 表示非常有可能，只要半分鐘。",
}
THUMB_LINKS = {
    "en": "[👍 Yes]({{ link }}?score=1) · [👎 No]({{ link }}?score=0)",
    "zh-hans": "[👍 很好]({{ link }}?score=1) · [👎 不好]({{ link }}?score=0)",
    "zh-hant": "[👍 很好]({{ link }}?score=1) · [👎 不好]({{ link }}?score=0)",
}
SUBJECTS = {
    "nps": {
        "en": "One question from {{ company }}",
        "zh-hans": "{{ company }} 想请教您一个问题",
        "zh-hant": "{{ company }} 想請教您一個問題",
    },
    "thumbs": {
        "en": "Did we help you well?",
        "zh-hans": "这次我们帮到您了吗？",
        "zh-hant": "這次我們有幫上您的忙嗎？",
    },
    "stars": {
        "en": "How satisfied are you with {{ company }}?",
        "zh-hans": "您对 {{ company }} 满意吗？",
        "zh-hant": "您對 {{ company }} 滿意嗎？",
    },
}
LANGUAGE_CODES = ("en", "zh-hans", "zh-hant")


def _template_texts(scale: str, *parts: dict[str, str] | str) -> dict[str, dict[str, str]]:
    def body(code: str) -> str:
        return "\n\n".join(part if isinstance(part, str) else part[code] for part in parts)

    return {code: {"subject": SUBJECTS[scale][code], "body": body(code)} for code in LANGUAGE_CODES}


def _declare_template(key: str, name: object, texts: dict[str, dict[str, str]]) -> None:
    declare_template(key, name=name, purpose="survey", topic="surveys", texts=texts, variables=VARIABLES)


_declare_template(
    "survey_nps_nps",
    _("Survey: recommendation (NPS)"),
    _template_texts("nps", REGULAR_GREETINGS, NUMBER_LINKS, SCALE_EXPLANATIONS, OPEN_LINKS),
)
_declare_template(
    "survey_csat_thumbs",
    _("Survey: after a request"),
    _template_texts("thumbs", AFTER_TICKET_GREETINGS, THUMB_LINKS, OPEN_LINKS),
)
_declare_template(
    "survey_csat_stars", _("Survey: satisfaction"), _template_texts("stars", REGULAR_GREETINGS, STAR_LINKS, OPEN_LINKS)
)
