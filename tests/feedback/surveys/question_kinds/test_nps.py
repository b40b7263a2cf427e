"""0 to 10."""

import pytest
from django.utils import translation

from feedback.surveys.question_kinds import get_scale


@pytest.mark.parametrize(("language", "text"), [("en", "9 of 10"), ("zh-hans", "9 分（满分 10）")])
def test_score_in_words_of_the_reader(language, text):
    with translation.override(language):
        assert get_scale("nps").score_text(9) == text


def test_chart_shows_bare_numbers():
    assert [get_scale("nps").axis_text(step) for step in (0, 10)] == ["0", "10"]
