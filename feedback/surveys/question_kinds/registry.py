"""What a kind of question is, and the kinds that there are."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.surveys.question_kinds.question_email import QuestionEmail
from feedback.surveys.rules import ScoreOffScale
from feedback.surveys.survey_kinds import AnswerGroup, SurveyKind


class QuestionKind(ABC):
    """How such a question is asked and its answer checked. `key` is stored and never changes; 8 signs at most."""

    key: ClassVar[str]
    order: ClassVar[int]
    label: ClassVar[Any]
    template: ClassVar[str]
    is_scored: ClassVar[bool] = False

    @abstractmethod
    def form_field(self, label: str) -> forms.Field:
        """The field that reads and checks an answer."""

    def clean_text(self, text: str) -> str:
        """Words as they are stored; scored questions have none."""
        return ""


class ScoredQuestionKind(QuestionKind):
    """A question whose answer is a step of a scale, and makes the score of the response.

    `template` draws `form.steps` as radio buttons called `score`; `survey_kind` is the kind of survey that such
    answers make the score of; `email` is the mail that asks the question.
    """

    is_scored = True
    scale: ClassVar[range]
    survey_kind: ClassVar[type[SurveyKind]]
    email: ClassVar[QuestionEmail]

    @abstractmethod
    def score_text(self, score: int) -> str:
        """A score in words: `9 of 10`, `4 of 5 stars`, `thumb up`."""

    @abstractmethod
    def _group(self, score: int) -> AnswerGroup:
        """The group of a score that is on the scale."""

    def axis_text(self, score: int) -> str:
        """A score as it is written under a chart."""
        return self.score_text(score)

    def group_of(self, score: int) -> AnswerGroup:
        """The group of a score; what is not on the scale is refused with ScoreOffScale."""
        if score not in self.scale:
            raise ScoreOffScale(f"{score} is not on the scale {self.key}")
        return self._group(score)

    def form_field(self, label: str) -> forms.Field:
        """One step of the scale; an answer is required."""
        refusal = _("Choose one of the answers.")
        return forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=[(step, str(step)) for step in self.scale],
            error_messages={"required": refusal, "invalid_choice": refusal},
        )


_question_kinds: dict[str, QuestionKind] = {}


def register_question_kind(kind: type[QuestionKind]) -> type[QuestionKind]:
    """Make a kind known; stands above its class."""
    _question_kinds[kind.key] = kind()
    return kind


def get_question_kind(key: str) -> QuestionKind:
    """The kind of a stored key."""
    return _question_kinds[key]


def get_scale(key: str) -> ScoredQuestionKind:
    """The scored kind of a stored key (`Response.scale`)."""
    kind = _question_kinds[key]
    if not kind.is_scored:
        raise ScoreOffScale(f"{key} has no scale")
    return cast(ScoredQuestionKind, kind)


def registered_question_kinds() -> list[QuestionKind]:
    """Every kind, in the order of choice."""
    return sorted(_question_kinds.values(), key=lambda kind: kind.order)


def registered_scales() -> list[ScoredQuestionKind]:
    """Every scored kind, in the order of choice."""
    return [cast(ScoredQuestionKind, kind) for kind in registered_question_kinds() if kind.is_scored]


def question_kind_choices() -> list[tuple[str, Any]]:
    """Keys and names, for fields."""
    return [(kind.key, kind.label) for kind in registered_question_kinds()]
