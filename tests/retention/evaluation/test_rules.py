"""Newcombe's interval and the five verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.evaluation import rules
from retention.evaluation.rules import EffectVerdict


@pytest.mark.rule("RM-30")
@pytest.mark.parametrize(
    ("arms", "points", "verdict"),
    [
        ((180, 900, 15, 100), (5.0, -3.6, 11.3), EffectVerdict.NOT_ENOUGH_DATA),
        ((1800, 9000, 150, 1000), (5.0, 2.5, 7.2), EffectVerdict.WORKS),
    ],
)
def test_worked_examples(arms, points, verdict):
    effect = rules.newcombe_interval(*arms)

    assert tuple(round(100 * value, 1) for value in (effect.difference, effect.low, effect.high)) == points
    assert rules.judge_effect(effect, window_closed=True, smallest_effect=0.03) == verdict


@pytest.mark.rule("RM-30")
def test_newcombe_of_the_published_example():
    """Newcombe 1998, table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339."""
    effect = rules.newcombe_interval(56, 70, 48, 80)

    assert (round(effect.low, 4), round(effect.high, 4)) == (0.0524, 0.3339)


@pytest.mark.rule("RM-30")
@pytest.mark.parametrize(
    ("arms", "smallest", "verdict"),
    [
        ((100, 1000, 150, 1000), 0.03, EffectVerdict.DOES_HARM),
        ((2000, 20000, 2000, 20000), 0.03, EffectVerdict.NO_EFFECT_SEEN),
        (
            (2000, 20000, 2000, 20000),
            None,
            EffectVerdict.NOT_ENOUGH_DATA,
        ),  # nothing was stated, so nothing can be excluded
        ((0, 0, 5, 10), 0.03, EffectVerdict.NOT_ENOUGH_DATA),
    ],
)
def test_verdicts(arms, smallest, verdict):
    assert rules.judge_effect(rules.newcombe_interval(*arms), window_closed=True, smallest_effect=smallest) == verdict


ARMS = st.tuples(st.integers(1, 5000), st.floats(0, 1), st.integers(1, 5000), st.floats(0, 1)).map(
    lambda drawn: (round(drawn[0] * drawn[1]), drawn[0], round(drawn[2] * drawn[3]), drawn[2])
)


@pytest.mark.rule("RM-30")
@given(ARMS, st.none() | st.floats(0.001, 0.2))
def test_no_verdict_while_the_window_is_open(arms, smallest):
    assert (
        rules.judge_effect(rules.newcombe_interval(*arms), window_closed=False, smallest_effect=smallest)
        == EffectVerdict.TOO_EARLY
    )


@pytest.mark.rule("RM-30")
@given(ARMS)
def test_interval_holds_the_difference_within_bounds_and_mirrors(arms):
    effect, mirrored = rules.newcombe_interval(*arms), rules.newcombe_interval(*arms[2:], *arms[:2])

    assert -1 - 1e-9 <= effect.low <= effect.difference + 1e-9
    assert effect.difference - 1e-9 <= effect.high <= 1 + 1e-9
    assert mirrored.low == pytest.approx(-effect.high)


@given(ARMS)
def test_a_verdict_follows_the_side_of_the_interval(arms):
    effect = rules.newcombe_interval(*arms)
    said = rules.judge_effect(effect, window_closed=True, smallest_effect=0.03)

    assert (said == EffectVerdict.WORKS) == (effect.low > 0)
    assert (said == EffectVerdict.DOES_HARM) == (effect.high < 0)
