"""Arithmetic that every kind of survey shares. Pure: plain values in, plain values out.

What NPS and CSAT are is written in `survey_kinds`. Nobody asked, or nobody answered → None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

INTERVAL_Z = Decimal("1.959964")  # of the normal distribution, for 95 %


class ScoreOffScale(ValueError):
    """The score is not on the scale of its question."""


@dataclass(frozen=True)
class SurveyScore:
    """The score of a set of answers with its 95 % interval, both unrounded, and the counts that they are made of.

    The unit of `value` is the kind's: points from −100 to +100 for NPS, a rate 0–1 for CSAT. `group_counts` is by
    group; `n` answers came in the window, `invited` and `answered` are about the invitations sent in it.
    """

    value: Decimal | None = None
    n: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    group_counts: Mapping[str, int] = field(default_factory=dict)
    invited: int = 0
    answered: int = 0

    @property
    def response_rate(self) -> Decimal | None:
        return share_of(self.answered, self.invited)


def share_of(part: int, whole: int) -> Decimal | None:
    """A rate 0–1, or None of nobody."""
    return Decimal(part) / whole if whole else None


def wilson_interval(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """Wilson's 95 % interval of a share (Wilson 1927), without correction for continuity."""
    rate, n = Decimal(part) / whole, Decimal(whole)
    center = rate + INTERVAL_Z**2 / (2 * n)
    half_width = INTERVAL_Z * (rate * (1 - rate) / n + INTERVAL_Z**2 / (4 * n**2)).sqrt()
    divisor = 1 + INTERVAL_Z**2 / n
    low = Decimal(0) if part == 0 else (center - half_width) / divisor
    return low, Decimal(1) if part == whole else (center + half_width) / divisor


def round_score(value: Decimal, step: str = "1") -> Decimal:
    """A score as it is written, halves away from zero; scores are kept unrounded, so that this happens once."""
    return value.quantize(Decimal(step), ROUND_HALF_UP) + 0


def is_question_shown(score: int, shown_from: int | None, shown_to: int | None) -> bool:
    """True if a question with these bounds is asked after this score."""
    return (shown_from is None or score >= shown_from) and (shown_to is None or score <= shown_to)


def is_asked_recently(last_asked_at: datetime | None, at: datetime, wait_days: int) -> bool:
    """True while the last invitation of the same wait is less than `wait_days` ago."""
    return last_asked_at is not None and at - last_asked_at < timedelta(days=wait_days)
