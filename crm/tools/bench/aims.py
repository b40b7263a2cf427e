"""Aims: how near ours has to come to another side of a piece, in time or in speed."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SpeedAim:
    """Ours takes at most `most` times as long as the other side, or is at least `least` times as fast."""

    most: float | None = None
    least: float | None = None
    share: float = 0.5

    def verdict(self, ours: Sequence[float], others: Sequence[float]) -> dict[str, Any]:
        """The ratio in the words of the aim, and whether it is kept."""
        ratio = percentile(ours, self.share) / percentile(others, self.share)
        figure, kept = (ratio, ratio <= self.most) if self.most else (1 / ratio, 1 / ratio >= (self.least or 0))
        return {"ratio": round(figure, 3), "aim": str(self), "kept": kept}

    def __str__(self) -> str:
        of = "" if self.share == 0.5 else f" at p{self.share * 100:.0f}"
        return f"≤ {self.most:g} × the time{of}" if self.most else f"≥ {self.least:g} × as fast{of}"


def at_most_times(times: float, share: float = 0.5) -> SpeedAim:
    """Ours takes at most so many times as long; of medians, unless another share of the rounds is named."""
    return SpeedAim(most=times, share=share)


def at_least_times(times: float) -> SpeedAim:
    """Ours is at least so many times as fast."""
    return SpeedAim(least=times)


@dataclass(frozen=True)
class QueryBudget:
    """What one piece of work may use, counted once outside the timed rounds: queries, mostly."""

    most: int
    count: Callable[[], int]

    def verdict(self) -> dict[str, Any]:
        found = self.count()
        return {"found": found, "aim": f"≤ {self.most}", "kept": found <= self.most}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the sorted values lies (nearest rank); the median is the middle of the middle."""
    ordered = sorted(values)
    if share == 0.5:
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
