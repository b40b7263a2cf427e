"""Forms of surveys."""

import pytest

from feedback.surveys.forms import SurveyAnswerForm, SurveySendForm, SurveyTextsForm


@pytest.fixture
def user(make_user):
    return make_user("manager")


def test_customers_are_named_one_a_line(user, make_customer):
    ann, bob = make_customer("Ann", email="ann@example.com"), make_customer("Bob")

    form = SurveySendForm(user, {"who": "list", "customers": f"ann@example.com\n\n {bob.public_id} \n"})

    assert form.is_valid()
    assert form.cleaned_data["named_customers"] == [ann, bob]


def test_unknown_line_is_named_in_the_refusal(user):
    form = SurveySendForm(user, {"who": "list", "customers": "nobody@example.com"})

    assert not form.is_valid()
    assert form.errors["customers"][0].startswith("nobody@example.com: ")


def test_more_customers_than_a_form_may_name_are_refused(user):
    form = SurveySendForm(user, {"who": "list", "customers": "a@example.com\n" * 501})

    assert form.errors["customers"] == ["At most 500 customers at once."]


def test_answer_carries_score_and_words_by_question(surveys):
    survey = surveys["csat_ticket"]
    texts = [question.pk for question in survey.ordered_questions if not question.is_scored]

    form = SurveyAnswerForm(survey, {"score": "0", f"text_{texts[0]}": "Too late"})

    assert form.is_valid()
    answer = form.answer_input()
    assert (answer.score, answer.texts) == (0, {texts[0]: "Too late", texts[1]: ""})


@pytest.mark.parametrize(("proposed", "chosen"), [("9", 9), ("x", None), (None, None), ("-1", None)])
def test_score_of_the_link_is_proposed(surveys, proposed, chosen):
    form = SurveyAnswerForm(surveys["nps"], initial={"score": proposed})

    assert form.chosen == chosen


def test_texts_of_one_language_leave_the_others(surveys):
    survey = surveys["csat"]
    blank = SurveyTextsForm(survey, "en")
    values = {name: field.initial for name, field in blank.fields.items()}

    form = SurveyTextsForm(survey, "en", {**values, "title": "How was it?"})

    assert form.is_valid()
    texts = form.survey_texts()
    assert (texts["titles"]["en"], texts["titles"]["zh-hant"]) == ("How was it?", survey.titles["zh-hant"])
    scored = survey.scored_question
    assert form.question_texts()[scored.pk]["low_labels"] == scored.low_labels
