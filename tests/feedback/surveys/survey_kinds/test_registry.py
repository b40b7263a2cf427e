"""The kinds of surveys and the groups of their answers."""

import pytest

from feedback.surveys import survey_kinds


def test_kinds_come_in_the_order_of_choice():
    assert [key for key, _label in survey_kinds.survey_kind_choices()] == ["nps", "csat"]


def test_groups_of_a_sentiment_come_from_every_kind():
    assert survey_kinds.group_keys(survey_kinds.GOOD) == ["promoter", "positive"]
    assert survey_kinds.group_keys(survey_kinds.BAD) == ["detractor", "negative"]


@pytest.mark.parametrize(("group", "tone"), [("promoter", "good"), ("neutral", ""), ("negative", "bad")])
def test_group_has_the_tone_of_its_sentiment(group, tone):
    assert survey_kinds.get_answer_group(group).tone == tone


def test_a_key_that_no_kind_has_is_no_group():
    assert survey_kinds.is_answer_group("passive")
    assert not survey_kinds.is_answer_group("angry")
