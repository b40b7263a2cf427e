"""Chance by seed: one stream per noun, so that a change in one leaves the others as they are."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def random_stream(seed: int, noun: object) -> random.Random:
    """The same seed and noun give the same numbers on every machine."""
    return random.Random(f"{seed}:{noun}")


def weighted_choice(dice: random.Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of (thing, weight)."""
    return dice.choices([thing for thing, _weight in choices], [weight for _thing, weight in choices])[0]
