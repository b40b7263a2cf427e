"""NPS: worked examples and properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys import rules
from feedback.surveys.survey_kinds import get_survey_kind

NPS = get_survey_kind("nps")
counts = st.integers(0, 5000)


def nps_score(promoters, passives, detractors):
    return NPS.score({"promoter": promoters, "passive": passives, "detractor": detractors})


@pytest.mark.rule("FS-6")
def test_nps_of_the_worked_example():
    score = nps_score(50, 30, 20)

    assert (score.value, score.n) == (Decimal("30.0"), 100)
    assert (rules.round_score(score.low, "0.1"), rules.round_score(score.high, "0.1")) == (
        Decimal("14.7"),
        Decimal("45.3"),
    )


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "written"),
    [
        (31, 4, 0, "+89"),  # 88.571…
        (449, 551, 0, "+45"),  # 44.9
        (2447, 3053, 0, "+44"),  # 44.491: by way of 44.5 it would be 45
        (1, 7, 0, "+13"),  # 12.5
        (0, 7, 1, "−13"),
        (0, 400, 1, "+0"),
    ],
)
def test_score_is_rounded_once_from_its_counts_and_has_its_sign(promoters, passives, detractors, written):
    assert NPS.value_text(nps_score(promoters, passives, detractors).value) == written


def test_interval_is_written_with_its_signs():
    assert NPS.interval_text(Decimal("-3.14"), Decimal("45.26")) == "−3.1 … +45.3"


@pytest.mark.rule("FS-6")
def test_score_of_nobody_is_none_and_keeps_its_invitations():
    score = NPS.score({}, invited=4, answered=0)

    assert (score.value, score.low, score.high, score.n) == (None, None, None, 0)
    assert score.response_rate == 0


@given(counts, counts, counts)
def test_nps_lies_inside_its_interval_and_scale(promoters, passives, detractors):
    score = nps_score(promoters, passives, detractors)

    if score.n:
        assert -100 <= score.low <= score.value <= score.high <= 100
        assert nps_score(detractors, passives, promoters).value == -score.value


@given(counts, counts, counts)
def test_intervals_shrink_with_more_answers(good, middle, bad):
    few, many = nps_score(good, middle, bad), nps_score(good * 4, middle * 4, bad * 4)

    if few.n:
        assert many.value == few.value
        assert many.high - many.low <= few.high - few.low


def test_groups_without_answers_are_named_too():
    assert NPS.group_counts(NPS.score({"detractor": 2})) == {"promoter": 0, "passive": 0, "detractor": 2}
