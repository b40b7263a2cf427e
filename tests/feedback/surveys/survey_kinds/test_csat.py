"""CSAT: worked examples and properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys.survey_kinds import get_survey_kind

CSAT = get_survey_kind("csat")
counts = st.integers(0, 5000)


@pytest.mark.rule("FS-6")
def test_csat_of_the_worked_example():
    score = CSAT.score({"positive": 18, "negative": 2})

    assert score.value == Decimal("0.9")
    assert (CSAT.value_text(score.value), CSAT.interval_text(score.low, score.high)) == ("90%", "69.9 … 97.2%")


@pytest.mark.rule("FS-6")
def test_score_of_nobody_is_none():
    assert CSAT.score({}).value is None


@given(counts, counts, counts)
def test_csat_lies_inside_its_interval_and_scale(positive, neutral, negative):
    score = CSAT.score({"positive": positive, "neutral": neutral, "negative": negative})

    if score.n:
        assert 0 <= score.low <= score.value <= score.high <= 1
