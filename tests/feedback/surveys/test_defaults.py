"""The surveys of a fresh start."""

import pytest

from feedback.surveys import defaults, question_kinds
from feedback.surveys.models import Question, Survey

LANGUAGES = {"en", "zh-hans", "zh-hant"}
pytestmark = pytest.mark.django_db


def test_templates_come_once_and_changes_of_staff_stay():
    defaults.ensure_surveys()
    Survey.objects.filter(key="nps").update(titles={"en": "Ours"})

    defaults.ensure_surveys()

    assert sorted(Survey.objects.values_list("key", flat=True)) == ["csat", "csat_ticket", "nps"]
    assert Survey.objects.get(key="nps").titles == {"en": "Ours"}


@pytest.mark.parametrize("template", defaults.TEMPLATES)
def test_template_has_one_score_of_its_kind_and_texts_in_every_language(template):
    survey = defaults.create_from_template(template)

    scored = [question for question in survey.ordered_questions if question.is_scored]
    assert [question_kinds.get_scale(question.kind).survey_kind.key for question in scored] == [survey.kind]
    for texts in (survey.titles, survey.intros, *survey.thanks.values()):
        assert set(texts) == LANGUAGES
    for question in survey.ordered_questions:
        assert set(question.texts) == LANGUAGES


@pytest.mark.parametrize("template", defaults.TEMPLATES)
def test_every_score_is_asked_one_question_for_words(template):
    survey = defaults.create_from_template(template)
    texts = Question.objects.filter(survey=survey, kind="text")
    scale = question_kinds.get_scale(survey.scored_question.kind).scale

    for score in scale:
        fitting = [
            question
            for question in texts
            if (question.shown_from is None or score >= question.shown_from)
            and (question.shown_to is None or score <= question.shown_to)
        ]
        assert len(fitting) == 1
