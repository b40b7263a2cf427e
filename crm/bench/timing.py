"""Turn by turn: ours, bare, ours, bare …; medians with their range, and the ratio of the medians."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Unequal(Exception):
    """Ours and the limit did not do the same work."""


@dataclass(frozen=True)
class Piece:
    """A piece of work: both sides do it once and return a checksum of what came of it.

    `each` is how many operations one call does: seconds become operations a second where `per_second` is set.
    """

    name: str
    ours: Callable[[], Any]
    bare: Callable[[], Any]
    each: int = 1
    per_second: bool = False
    rounds: int = 7
    plan: str = ""


@dataclass
class Measured:
    """Seconds of every round of both sides."""

    name: str
    ours: list[float]
    bare: list[float]
    each: int
    per_second: bool
    checksum: str
    plan: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Median of ours ÷ median of bare: 1 is the limit, below it we would be faster."""
        return statistics.median(self.ours) / statistics.median(self.bare)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "operations_a_round": self.each,
            "ours": _figures(self.ours, self.each),
            "bare": _figures(self.bare, self.each),
            "ratio": round(self.ratio, 3),
            "checksum": self.checksum,
            "plan": self.plan,
        }


def measure(piece: Piece) -> Measured:
    """Alternate both sides after one warm-up of each; raises Unequal when their checksums differ."""
    expected = _same(piece, piece.ours(), piece.bare())
    ours, bare = [], []
    for _round in range(piece.rounds):
        seconds, found = _timed(piece.ours)
        ours.append(seconds)
        seconds, limit = _timed(piece.bare)
        bare.append(seconds)
        _same(piece, found, limit)
    return Measured(piece.name, ours, bare, piece.each, piece.per_second, expected)


def _same(piece: Piece, ours: Any, bare: Any) -> str:
    if ours != bare:
        raise Unequal(f"{piece.name}: ours gave {str(ours)[:200]}, the limit {str(bare)[:200]}")
    return str(ours)[:80]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def _figures(seconds: list[float], each: int) -> dict[str, float]:
    median = statistics.median(seconds)
    return {
        "median_ms": round(median * 1000 / each, 3),
        "min_ms": round(min(seconds) * 1000 / each, 3),
        "max_ms": round(max(seconds) * 1000 / each, 3),
        "per_second": round(each / median, 1),
    }


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the sorted values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
