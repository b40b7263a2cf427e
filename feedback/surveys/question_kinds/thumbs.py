"""Thumb up or down: whether a request was solved well."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.surveys.question_kinds.question_email import QuestionEmail
from feedback.surveys.question_kinds.registry import ScoredQuestionKind, register_question_kind
from feedback.surveys.survey_kinds import AnswerGroup, csat


@register_question_kind
class ThumbsQuestion(ScoredQuestionKind):
    key = "thumbs"
    order = 30
    label = gettext_lazy("Thumb up or down")
    template = "feedback/surveys/question_kinds/thumbs.html"
    scale = range(0, 2)
    survey_kind = csat.CsatSurvey
    email = QuestionEmail(
        name=gettext_lazy("Survey: after a request"),
        subjects={
            "en": "Did we help you well?",
            "zh-hans": "这次我们帮到您了吗？",
            "zh-hant": "這次我們有幫上您的忙嗎？",
        },
        paragraphs=(
            {
                "en": "Hello {{ name }},\n\nwe marked your last request to us as solved.\n\n**{{ question }}**",
                "zh-hans": "{{ name }}，您好！\n\n您最近一次的请求，我们已标记为解决。\n\n**{{ question }}**",
                "zh-hant": "{{ name }}，您好：\n\n您最近一次的需求，我們已標示為解決。\n\n**{{ question }}**",
            },
            {
                "en": "[👍 Yes]({{ link }}?score=1) · [👎 No]({{ link }}?score=0)",
                "zh-hans": "[👍 很好]({{ link }}?score=1) · [👎 不好]({{ link }}?score=0)",
                "zh-hant": "[👍 很好]({{ link }}?score=1) · [👎 不好]({{ link }}?score=0)",
            },
        ),
    )

    def score_text(self, score: int) -> str:
        return _("thumb up") if score else _("thumb down")

    def _group(self, score: int) -> AnswerGroup:
        return csat.POSITIVE if score else csat.NEGATIVE
