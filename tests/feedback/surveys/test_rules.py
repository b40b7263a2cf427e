"""Arithmetic that every kind of survey shares."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.surveys import rules


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(3100) / 35, "89"),
        (Decimal("44.491"), "44"),  # by way of 44.5 it would be 45
        (Decimal("12.5"), "13"),
        (Decimal("-12.5"), "-13"),
        (Decimal("-0.25"), "0"),
    ],
)
def test_score_is_rounded_once_with_halves_away_from_zero(value, written):
    assert str(rules.round_score(value)) == written


@pytest.mark.rule("FS-6")
def test_rates_of_nobody_are_none():
    assert rules.share_of(0, 0) is None
    assert rules.SurveyScore().value is None
    assert rules.SurveyScore().response_rate is None


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_interval_holds_its_share(part, more):
    low, high = rules.wilson_interval(part, part + more)

    assert 0 <= low <= Decimal(part) / (part + more) <= high <= 1


@pytest.mark.parametrize(
    ("score", "shown_from", "shown_to", "is_shown"),
    [
        (6, None, 6, True),
        (7, None, 6, False),
        (7, 7, 8, True),
        (9, 7, 8, False),
        (9, 9, None, True),
        (0, None, None, True),
    ],
)
def test_question_is_shown_within_its_bounds(score, shown_from, shown_to, is_shown):
    assert rules.is_question_shown(score, shown_from, shown_to) is is_shown


@pytest.mark.parametrize(("days", "is_recent"), [(0, True), (89, True), (90, False), (400, False)])
def test_nobody_is_asked_again_within_the_wait(days, is_recent):
    at = datetime(2026, 3, 1, tzinfo=UTC)

    assert rules.is_asked_recently(at - timedelta(days=days), at, 90) is is_recent


def test_who_was_never_asked_was_not_asked_recently():
    assert rules.is_asked_recently(None, datetime(2026, 3, 1, tzinfo=UTC), 90) is False
