"""Did it work? The difference of two conversion rates with its interval, and one of five verdicts. Pure."""

import math
from dataclasses import dataclass
from enum import StrEnum

Z_CONFIDENCE = 1.959964  # two-sided 95 %


class EffectVerdict(StrEnum):
    TOO_EARLY = "too_early"
    WORKS = "works"
    DOES_HARM = "does_harm"
    NO_EFFECT_SEEN = "no_effect_seen"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True)
class EffectEstimate:
    """Treated minus held out, as a difference of rates with its 95 % interval."""

    difference: float
    low: float
    high: float


def wilson_interval(reached: int, total: int) -> tuple[float, float]:
    """Wilson's score interval of a rate (Wilson 1927), without continuity correction."""
    rate = reached / total
    centre = rate + Z_CONFIDENCE * Z_CONFIDENCE / (2 * total)
    half = Z_CONFIDENCE * math.sqrt(rate * (1 - rate) / total + Z_CONFIDENCE * Z_CONFIDENCE / (4 * total * total))
    width = 1 + Z_CONFIDENCE * Z_CONFIDENCE / total
    return max(0.0, (centre - half) / width), min(1.0, (centre + half) / width)


def newcombe_interval(reached: int, treated: int, reached_held_out: int, held_out: int) -> EffectEstimate | None:
    """Newcombe's hybrid score interval for the difference of two rates (Newcombe 1998, method 10).
    None where an arm is empty."""
    if not treated or not held_out:
        return None
    p1, p2 = reached / treated, reached_held_out / held_out
    (low1, high1), (low2, high2) = wilson_interval(reached, treated), wilson_interval(reached_held_out, held_out)
    difference = p1 - p2
    return EffectEstimate(
        difference,
        difference - math.hypot(p1 - low1, high2 - p2),
        difference + math.hypot(high1 - p1, p2 - low2),
    )


def judge_effect(effect: EffectEstimate | None, *, window_closed: bool, smallest_effect: float | None) -> EffectVerdict:
    """Never a verdict before the window closes; `smallest_effect` is what was stated before the start."""
    if not window_closed:
        return EffectVerdict.TOO_EARLY
    if effect is None:
        return EffectVerdict.NOT_ENOUGH_DATA
    if effect.low > 0:
        return EffectVerdict.WORKS
    if effect.high < 0:
        return EffectVerdict.DOES_HARM
    if smallest_effect and -smallest_effect <= effect.low and effect.high <= smallest_effect:
        return EffectVerdict.NO_EFFECT_SEEN
    return EffectVerdict.NOT_ENOUGH_DATA
