"""An effect in words: points with their sign, halves up, and nothing where nothing is known."""

import pytest
from django.utils.translation import override

from retention.evaluation import effect_display
from retention.evaluation.rules import EffectEstimate, EffectVerdict
from retention.evaluation.selectors import ArmResult, ProgramResult


def result(effect, verdict):
    return ProgramResult(ArmResult(200, 50), ArmResult(100, 20), verdict, effect, 0.03, None)


@pytest.mark.rule("RM-30")
def test_effect_is_written_in_points_with_its_interval():
    works = result(EffectEstimate(0.0365, 0.0025, 0.0706), EffectVerdict.WORKS)

    display = effect_display._result_display(works)

    with override("en"):
        assert (display.difference, display.interval_text) == ("+3.7", "95% interval +0.3 to +7.1")
        assert (display.verdict_label, display.tone) == ("Works", "good")


@pytest.mark.rule("RM-30")
def test_fall_is_written_with_a_minus_sign():
    harm = result(EffectEstimate(-0.0525, -0.09, -0.0004), EffectVerdict.DOES_HARM)

    display = effect_display._result_display(harm)

    with override("en"):
        assert (display.difference, display.interval_text) == ("−5.3", "95% interval −9.0 to +0.0")


@pytest.mark.rule("RM-30")
def test_nothing_is_said_while_it_is_too_early():
    display = effect_display._result_display(result(None, EffectVerdict.TOO_EARLY))

    assert (display.difference, display.interval_text, display.interval_in_points) == ("", "", None)
