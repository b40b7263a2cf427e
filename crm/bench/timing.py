"""Turn by turn: ours, bare, peers, ours, bare …; medians with their range, and the ratios of the medians."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Unequal(Exception):
    """Ours and the limit did not do the same work."""


@dataclass(frozen=True)
class Piece:
    """A piece of work: all sides do it once and return a checksum of what came of it.

    `bare` is the limit, `peers` are what others do for the same work, by their names. `each` is how many operations
    one call does: seconds become operations a second where `per_second` is set.
    """

    name: str
    ours: Callable[[], Any]
    bare: Callable[[], Any]
    each: int = 1
    per_second: bool = False
    rounds: int = 7
    plan: str = ""
    peers: Mapping[str, Callable[[], Any]] = field(default_factory=dict)


@dataclass
class Measured:
    """Seconds of every round of all sides."""

    name: str
    ours: list[float]
    bare: list[float]
    each: int
    per_second: bool
    checksum: str
    plan: list[str] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Median of ours ÷ median of bare: 1 is the limit, below it we would be faster."""
        return self.ratio_to(self.bare)

    def ratio_to(self, others: list[float]) -> float:
        """Median of ours ÷ median of others'."""
        return statistics.median(self.ours) / statistics.median(others)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "operations_a_round": self.each,
            "ours": _figures(self.ours, self.each),
            "bare": _figures(self.bare, self.each),
            "ratio": round(self.ratio, 3),
            "peers": {
                name: {**_figures(seconds, self.each), "ratio": round(self.ratio_to(seconds), 3)}
                for name, seconds in self.peers.items()
            },
            "checksum": self.checksum,
            "plan": self.plan,
        }


def measure(piece: Piece) -> Measured:
    """Alternate all sides after one warm-up of each; raises Unequal when their checksums differ."""
    sides = {"ours": piece.ours, "the limit": piece.bare, **piece.peers}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    expected = _round(piece.name, sides, {name: [] for name in sides})
    for _number in range(piece.rounds):
        _round(piece.name, sides, seconds)
    ours, bare = seconds.pop("ours"), seconds.pop("the limit")
    return Measured(piece.name, ours, bare, piece.each, piece.per_second, expected, peers=seconds)


def _round(name: str, sides: Mapping[str, Callable[[], Any]], seconds: dict[str, list[float]]) -> str:
    """Each side once, timed; what they gave must be the same."""
    found: dict[str, Any] = {}
    for side, work in sides.items():
        took, found[side] = _timed(work)
        seconds[side].append(took)
        if found[side] != found["ours"]:
            raise Unequal(f"{name}: ours gave {str(found['ours'])[:200]}, {side} {str(found[side])[:200]}")
    return str(found["ours"])[:80]


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
