"""Thumb up or down."""

import pytest

from feedback.surveys.question_kinds import get_scale


@pytest.mark.parametrize(("score", "text"), [(0, "thumb down"), (1, "thumb up")])
def test_score_in_words(score, text):
    assert get_scale("thumbs").score_text(score) == text


def test_an_answer_of_no_is_an_answer():
    assert get_scale("thumbs").form_field("Well?").clean("0") == 0
