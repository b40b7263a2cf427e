"""Arithmetic of scores. Pure: plain values in, plain values out.

NPS = % promoters (9–10) − % detractors (0–6), in points from −100 to +100. Its 95 % interval is normal:
variance of one answer = p + d − (p − d)², so that 50/30/20 gives +30 with 14.7 … 45.3.
CSAT = share of positive answers with Wilson's interval: 18 of 20 gives 90 % with 69.9 … 97.2 %.
Nobody asked, or nobody answered → None, never 0.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

WILSON_Z = Decimal("1.959964")
NPS, STARS, THUMBS = "nps", "stars", "thumbs"
SCALES = {NPS: range(0, 11), STARS: range(1, 6), THUMBS: range(0, 2)}
PROMOTER, PASSIVE, DETRACTOR = "promoter", "passive", "detractor"
POSITIVE, NEUTRAL, NEGATIVE = "positive", "neutral", "negative"
GOOD, BAD = (PROMOTER, POSITIVE), (DETRACTOR, NEGATIVE)


class ScoreOffScale(ValueError):
    """The score is not on the scale of its question."""


@dataclass(frozen=True)
class NpsScore:
    """NPS of a set of respondents: `value` in points, its interval, both unrounded, and the counts that they are made of.

    `invited` and `answered` are about the invitations sent in the window; `n` respondents answered in it.
    """

    value: Decimal | None
    n: int
    low: Decimal | None
    high: Decimal | None
    promoters: int
    passives: int
    detractors: int
    invited: int = 0
    answered: int = 0

    @property
    def response_rate(self) -> Decimal | None:
        return share_of(self.answered, self.invited)


@dataclass(frozen=True)
class CsatScore:
    """CSAT of a set of respondents: the rate 0–1 of positive answers and its interval."""

    value: Decimal | None
    n: int
    low: Decimal | None
    high: Decimal | None
    positive: int
    neutral: int
    negative: int
    invited: int = 0
    answered: int = 0

    @property
    def response_rate(self) -> Decimal | None:
        return share_of(self.answered, self.invited)


def share_of(part: int, whole: int) -> Decimal | None:
    """A rate 0–1, or None of nobody."""
    return Decimal(part) / whole if whole else None


def nps_score(promoters: int, passives: int, detractors: int, *, invited: int = 0, answered: int = 0) -> NpsScore:
    """The score of counted respondents; the interval never leaves −100 … +100."""
    n = promoters + passives + detractors
    if not n:
        return NpsScore(None, 0, None, None, 0, 0, 0, invited, answered)
    value = Decimal(100 * (promoters - detractors)) / n
    spoke = Decimal(promoters + detractors) / n
    half = 100 * WILSON_Z * ((spoke - (value / 100) ** 2) / n).sqrt()
    low, high = max(value - half, Decimal(-100)), min(value + half, Decimal(100))
    return NpsScore(value, n, low, high, promoters, passives, detractors, invited, answered)


def csat_score(positive: int, neutral: int, negative: int, *, invited: int = 0, answered: int = 0) -> CsatScore:
    """The share of positive answers with Wilson's 95 % interval."""
    n = positive + neutral + negative
    if not n:
        return CsatScore(None, 0, None, None, 0, 0, 0, invited, answered)
    low, high = wilson_interval(positive, n)
    return CsatScore(Decimal(positive) / n, n, low, high, positive, neutral, negative, invited, answered)


def wilson_interval(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """Wilson's 95 % interval of a share (Wilson 1927), without correction for continuity."""
    rate, n = Decimal(part) / whole, Decimal(whole)
    centre = rate + WILSON_Z**2 / (2 * n)
    half = WILSON_Z * (rate * (1 - rate) / n + WILSON_Z**2 / (4 * n**2)).sqrt()
    below = 1 + WILSON_Z**2 / n
    low = Decimal(0) if part == 0 else (centre - half) / below
    return low, Decimal(1) if part == whole else (centre + half) / below


def round_score(value: Decimal, step: str = "1") -> Decimal:
    """A score as it is written, halves away from zero; scores are kept unrounded, so that this happens once."""
    return value.quantize(Decimal(step), ROUND_HALF_UP) + 0


def answer_group(scale: str, score: int) -> str:
    """Which group an answer belongs to; of five stars four are positive and two negative."""
    if scale not in SCALES or score not in SCALES[scale]:
        raise ScoreOffScale(f"{score} is not on the scale {scale}")
    if scale == NPS:
        return PROMOTER if score >= 9 else PASSIVE if score >= 7 else DETRACTOR
    if scale == STARS:
        return POSITIVE if score >= 4 else NEUTRAL if score == 3 else NEGATIVE
    return POSITIVE if score else NEGATIVE


def is_question_shown(score: int, shown_from: int | None, shown_to: int | None) -> bool:
    """True if a question with these bounds is asked after this score."""
    return (shown_from is None or score >= shown_from) and (shown_to is None or score <= shown_to)


def is_asked_recently(last_asked_at: datetime | None, at: datetime, wait_days: int) -> bool:
    """True while the last question of the same family is less than `wait_days` ago."""
    return last_asked_at is not None and at - last_asked_at < timedelta(days=wait_days)
