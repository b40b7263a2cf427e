"""The kinds of questions: their scales and groups."""

import pytest

from feedback.surveys import question_kinds
from feedback.surveys.question_kinds import get_question_kind, get_scale
from feedback.surveys.rules import ScoreOffScale

SCALES = [kind.key for kind in question_kinds.registered_scales()]


def test_kinds_come_in_the_order_of_choice():
    assert [key for key, _label in question_kinds.question_kind_choices()] == ["nps", "stars", "thumbs", "text"]


@pytest.mark.parametrize(
    ("scale", "score", "group"),
    [
        *(("nps", score, "detractor") for score in range(7)),
        *(("nps", score, "passive") for score in (7, 8)),
        *(("nps", score, "promoter") for score in (9, 10)),
        *(("stars", score, "negative") for score in (1, 2)),
        ("stars", 3, "neutral"),
        *(("stars", score, "positive") for score in (4, 5)),
        ("thumbs", 0, "negative"),
        ("thumbs", 1, "positive"),
    ],
)
def test_group_of_every_score(scale, score, group):
    assert get_scale(scale).group_of(score).key == group


@pytest.mark.parametrize(("scale", "score"), [("nps", 11), ("nps", -1), ("stars", 0), ("stars", 6), ("thumbs", 2)])
def test_group_refuses_what_is_not_on_the_scale(scale, score):
    with pytest.raises(ScoreOffScale):
        get_scale(scale).group_of(score)


def test_free_text_has_no_scale():
    with pytest.raises(ScoreOffScale):
        get_scale("text")


@pytest.mark.parametrize("key", SCALES)
def test_every_step_has_a_group_of_its_survey_and_words(key):
    scale = get_scale(key)

    for step in scale.scale:
        assert scale.group_of(step) in scale.survey_kind.groups
        assert scale.score_text(step)
        assert scale.axis_text(step)


@pytest.mark.parametrize("key", SCALES)
def test_form_field_takes_the_steps_and_nothing_else(key):
    scale = get_scale(key)
    field = scale.form_field("How was it?")

    assert [field.clean(str(step)) for step in scale.scale] == list(scale.scale)
    for refused in ("", str(scale.scale[-1] + 1), "x"):
        with pytest.raises(Exception, match="Choose one of the answers"):
            field.clean(refused)


def test_words_are_stored_without_null_bytes_and_not_endlessly():
    text = get_question_kind("text")

    assert text.clean_text(" a\x00b \n") == "ab"
    assert len(text.clean_text("x" * 5000)) == 4000
