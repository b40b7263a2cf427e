"""The surveys of a fresh start, written in each language."""

from crm.kernel.ops import defaults
from crm.kernel.time import clock
from feedback.surveys.models import Question, Survey

TELL_MORE = {
    "en": "Would you like to say more? (optional)",
    "zh-hans": "想多说几句吗？（选填）",
    "zh-hant": "想再多說一些嗎？（選填）",
}
LESS_GOOD = {
    "en": "What went wrong for you?",
    "zh-hans": "哪里让您失望了？",
    "zh-hant": "是哪裡讓您失望了呢？",
}
SORRY_TEXTS = {
    "en": "Thank you for being honest. We are sorry that we let you down; one of us will get in touch with you.",
    "zh-hans": "谢谢您说实话。很抱歉让您失望了，我们的同事会与您联系，一起把事情解决好。",
    "zh-hant": "謝謝您坦率告訴我們。很抱歉讓您失望了，我們的同仁會與您聯絡，一起把事情處理好。",
}

TEMPLATES: dict[str, dict] = {
    "nps": {
        "kind": "nps",
        "titles": {"en": "Recommendation", "zh-hans": "推荐意愿", "zh-hant": "推薦意願"},
        "intros": {
            "en": "One question, about 30 seconds.",
            "zh-hans": "只有一个问题，约 30 秒。",
            "zh-hant": "只有一個問題，大約 30 秒。",
        },
        "thanks": {
            "promoter": {
                "en": "Thank you, we are delighted. It is good to have you with us.",
                "zh-hans": "谢谢您，我们非常高兴。有您一路同行真好。",
                "zh-hant": "謝謝您，我們非常開心。有您一路相伴真好。",
            },
            "passive": {
                "en": "Thank you. We read every answer and will try to do better.",
                "zh-hans": "谢谢您。每一份答卷我们都会认真看，并努力做得更好。",
                "zh-hant": "謝謝您。每一則回覆我們都會細讀，也會努力做得更好。",
            },
            "detractor": SORRY_TEXTS,
        },
        "questions": [
            {
                "kind": "nps",
                "texts": {
                    "en": "How likely are you to recommend {company} to a friend or your family?",
                    "zh-hans": "您有多大可能把{company}推荐给朋友或家人？",
                    "zh-hant": "您有多大的可能將{company}推薦給朋友或家人？",
                },
                "low_labels": {"en": "Not at all likely", "zh-hans": "完全不可能", "zh-hant": "完全不可能"},
                "high_labels": {"en": "Extremely likely", "zh-hans": "非常可能", "zh-hant": "非常有可能"},
                "required": True,
            },
            {"kind": "text", "texts": LESS_GOOD, "shown_to": 6},
            {
                "kind": "text",
                "texts": {
                    "en": "What could we do better?",
                    "zh-hans": "我们哪里可以做得更好？",
                    "zh-hant": "我們哪裡可以做得更好呢？",
                },
                "shown_from": 7,
                "shown_to": 8,
            },
            {
                "kind": "text",
                "texts": {
                    "en": "What do you like best about us?",
                    "zh-hans": "您最喜欢我们什么？",
                    "zh-hant": "您最欣賞我們哪一點？",
                },
                "shown_from": 9,
            },
        ],
    },
    "csat_ticket": {
        "kind": "csat",
        "titles": {"en": "After a request", "zh-hans": "服务之后", "zh-hant": "服務之後"},
        "intros": {
            "en": "About your last request to us.",
            "zh-hans": "关于您最近一次向我们提出的请求。",
            "zh-hant": "關於您最近一次向我們提出的需求。",
        },
        "thanks": {
            "positive": {
                "en": "Thank you. We pass it on to the person who helped you.",
                "zh-hans": "谢谢您。我们会把您的话转告给帮助过您的同事。",
                "zh-hant": "謝謝您。我們會把您的話轉達給協助您的同仁。",
            },
            "negative": SORRY_TEXTS,
        },
        "questions": [
            {
                "kind": "thumbs",
                "texts": {
                    "en": "Did we solve your request well?",
                    "zh-hans": "这次的问题，我们解决得好吗？",
                    "zh-hant": "這次的問題，我們處理得好嗎？",
                },
                "low_labels": {"en": "No", "zh-hans": "不好", "zh-hant": "不好"},
                "high_labels": {"en": "Yes", "zh-hans": "很好", "zh-hant": "很好"},
                "required": True,
            },
            {"kind": "text", "texts": LESS_GOOD, "shown_to": 0},
            {"kind": "text", "texts": TELL_MORE, "shown_from": 1},
        ],
    },
    "csat": {
        "kind": "csat",
        "titles": {"en": "Satisfaction", "zh-hans": "满意度", "zh-hant": "滿意度"},
        "intros": {
            "en": "Two questions, about a minute.",
            "zh-hans": "两个问题，约一分钟。",
            "zh-hant": "兩個問題，大約一分鐘。",
        },
        "thanks": {
            "all": {"en": "Thank you for your answer.", "zh-hans": "谢谢您的回答。", "zh-hant": "謝謝您的回覆。"},
            "negative": SORRY_TEXTS,
        },
        "questions": [
            {
                "kind": "stars",
                "texts": {
                    "en": "How satisfied are you with {company}?",
                    "zh-hans": "您对{company}满意吗？",
                    "zh-hant": "您對{company}滿意嗎？",
                },
                "low_labels": {"en": "Not at all", "zh-hans": "很不满意", "zh-hant": "非常不滿意"},
                "high_labels": {"en": "Very", "zh-hans": "非常满意", "zh-hant": "非常滿意"},
                "required": True,
            },
            {"kind": "text", "texts": LESS_GOOD, "shown_to": 2},
            {"kind": "text", "texts": TELL_MORE, "shown_from": 3},
        ],
    },
}


def create_from_template(template: str, key: str = "", **fields: object) -> Survey:
    """A survey from a template."""
    texts = TEMPLATES[template]
    survey = Survey.objects.create(
        key=key,
        kind=texts["kind"],
        intros=texts["intros"],
        thanks=texts["thanks"],
        **{"titles": texts["titles"], "created_at": clock.now(), **fields},
    )
    Question.objects.bulk_create(
        Question(survey=survey, position=place, **question) for place, question in enumerate(texts["questions"], 1)
    )
    return survey


@defaults.register_defaults("surveys")
def ensure_surveys() -> None:
    """The three templates, each once; what staff changed in them stays."""
    present = set(Survey.objects.exclude(key="").values_list("key", flat=True))
    for template in TEMPLATES:
        if template not in present:
            create_from_template(template, key=template)
