"""0 to 10: how likely the customer is to recommend us."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.surveys.question_kinds.question_email import REGULAR_GREETINGS, QuestionEmail, score_links
from feedback.surveys.question_kinds.registry import ScoredQuestionKind, register_question_kind
from feedback.surveys.survey_kinds import AnswerGroup, nps


@register_question_kind
class NpsQuestion(ScoredQuestionKind):
    key = "nps"
    order = 10
    label = gettext_lazy("0 to 10")
    template = "feedback/surveys/question_kinds/nps.html"
    scale = range(0, 11)
    survey_kind = nps.NpsSurvey
    email = QuestionEmail(
        name=gettext_lazy("Survey: recommendation (NPS)"),
        subjects={
            "en": "One question from {{ company }}",
            "zh-hans": "{{ company }} 想请教您一个问题",
            "zh-hant": "{{ company }} 想請教您一個問題",
        },
        paragraphs=(
            REGULAR_GREETINGS,
            score_links([str(step) for step in range(0, 11)], 0),
            {
                "en": "0 means not at all, 10 means extremely likely. It takes half a minute.",
                "zh-hans": "0 表示完全不可能，10 表示非常可能，只需半分钟。",
                "zh-hant": "0 表示完全不可能，10 表示非常有可能，只要半分鐘。",
            },
        ),
    )

    def score_text(self, score: int) -> str:
        return _("%(score)s of 10") % {"score": score}

    def axis_text(self, score: int) -> str:
        return str(score)

    def _group(self, score: int) -> AnswerGroup:
        return nps.PROMOTER if score >= 9 else nps.PASSIVE if score >= 7 else nps.DETRACTOR
