"""Five stars: how satisfied the customer is."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.surveys.question_kinds.question_email import REGULAR_GREETINGS, QuestionEmail, score_links
from feedback.surveys.question_kinds.registry import ScoredQuestionKind, register_question_kind
from feedback.surveys.survey_kinds import AnswerGroup, csat


@register_question_kind
class StarsQuestion(ScoredQuestionKind):
    key = "stars"
    order = 20
    label = gettext_lazy("Five stars")
    template = "feedback/surveys/question_kinds/stars.html"
    scale = range(1, 6)
    survey_kind = csat.CsatSurvey
    email = QuestionEmail(
        name=gettext_lazy("Survey: satisfaction"),
        subjects={
            "en": "How satisfied are you with {{ company }}?",
            "zh-hans": "您对 {{ company }} 满意吗？",
            "zh-hant": "您對 {{ company }} 滿意嗎？",
        },
        paragraphs=(REGULAR_GREETINGS, score_links([f"{step} ★" for step in range(1, 6)], 1)),
    )

    def score_text(self, score: int) -> str:
        return _("%(score)s of 5 stars") % {"score": score}

    def _group(self, score: int) -> AnswerGroup:
        return csat.POSITIVE if score >= 4 else csat.NEUTRAL_ANSWER if score == 3 else csat.NEGATIVE
