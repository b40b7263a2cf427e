"""Scores: worked examples and properties."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys import rules

counts = st.integers(0, 5000)


def shown(rate):
    return f"{rate * 100:.1f}"


@pytest.mark.rule("FS-6")
def test_nps_of_the_worked_example():
    score = rules.nps_score(50, 30, 20)

    assert (score.value, score.n) == (Decimal("30.0"), 100)
    assert (rules.round_score(score.low, "0.1"), rules.round_score(score.high, "0.1")) == (
        Decimal("14.7"),
        Decimal("45.3"),
    )


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "written"),
    [
        (31, 4, 0, "89"),  # 88.571…
        (449, 551, 0, "45"),  # 44.9
        (2447, 3053, 0, "44"),  # 44.491: by way of 44.5 it would be 45
        (1, 7, 0, "13"),  # 12.5
        (0, 7, 1, "-13"),
        (0, 400, 1, "0"),
    ],
)
def test_score_is_rounded_once_from_its_counts(promoters, passives, detractors, written):
    assert str(rules.round_score(rules.nps_score(promoters, passives, detractors).value)) == written


@pytest.mark.rule("FS-6")
def test_csat_of_the_worked_example():
    share = rules.csat_score(18, 0, 2)

    assert share.value == Decimal("0.9")
    assert (shown(share.low), shown(share.high)) == ("69.9", "97.2")


@pytest.mark.rule("FS-6")
def test_scores_of_nobody_are_none():
    assert rules.nps_score(0, 0, 0).value is None
    assert rules.csat_score(0, 0, 0).value is None
    assert rules.nps_score(0, 0, 0).response_rate is None


@given(counts, counts, counts)
def test_nps_lies_inside_its_interval_and_scale(promoters, passives, detractors):
    score = rules.nps_score(promoters, passives, detractors)

    if score.n:
        assert -100 <= score.low <= score.value <= score.high <= 100
        assert rules.nps_score(detractors, passives, promoters).value == -score.value


@given(counts, counts, counts)
def test_csat_lies_inside_its_interval_and_scale(positive, neutral, negative):
    share = rules.csat_score(positive, neutral, negative)

    if share.n:
        assert 0 <= share.low <= share.value <= share.high <= 1


@given(counts, counts, counts)
def test_intervals_shrink_with_more_answers(good, middle, bad):
    few, many = rules.nps_score(good, middle, bad), rules.nps_score(good * 4, middle * 4, bad * 4)

    if few.n:
        assert many.value == few.value
        assert many.high - many.low <= few.high - few.low


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
    assert rules.answer_group(scale, score) == group


@pytest.mark.parametrize(
    ("scale", "score"), [("nps", 11), ("nps", -1), ("stars", 0), ("stars", 6), ("thumbs", 2), ("text", 1)]
)
def test_group_refuses_what_is_not_on_the_scale(scale, score):
    with pytest.raises(rules.ScoreOffScale):
        rules.answer_group(scale, score)


@pytest.mark.rule("FS-5")
@pytest.mark.parametrize(("days", "tired"), [(0, True), (89, True), (90, False), (400, False)])
def test_nobody_is_asked_again_within_the_wait(days, tired):
    at = datetime(2026, 3, 1, tzinfo=UTC)

    assert rules.is_asked_recently(at - timedelta(days=days), at, 90) is tired


def test_who_was_never_asked_is_not_tired():
    assert rules.is_asked_recently(None, datetime(2026, 3, 1, tzinfo=UTC), 90) is False
