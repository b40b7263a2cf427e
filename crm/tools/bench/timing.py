"""Turn by turn: ours, bare, peers, ours, bare …; medians with their range, and the ratios of the medians."""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from crm.tools.bench.aims import QueryBudget, SpeedAim, percentile

OURS, LIMIT = "ours", "the limit"
WorkFunction = Callable[[], Any]


class UnequalChecksums(Exception):
    """Ours and the limit did not do the same work."""


@dataclass(frozen=True)
class WorkBenchmark:
    """A piece of work: all sides do it once and return a checksum of what came of it.

    `bare` is the limit, called `limit` in print; `peers` are what others do for the same work, by their names. Aims go
    by the name of the side that they compare with. `each` is how many operations one call does: seconds become
    operations a second where `per_second` is set. Untimed: `around` is entered before the first round and left after
    the last; `prepare`, told whose turn it is, puts the tables back before every turn; `proof` is the checksum where
    counting it is not part of the work.
    """

    name: str
    ours: WorkFunction
    bare: WorkFunction
    each: int = 1
    per_second: bool = False
    rounds: int = 7
    plan: str = ""  # the bare statement that is explained, and what it is given
    given: Any = None
    peers: Mapping[str, WorkFunction] = field(default_factory=dict)
    limit: str = LIMIT
    aims: Mapping[str, SpeedAim] = field(default_factory=dict)
    budgets: Mapping[str, QueryBudget] = field(default_factory=dict)
    growth: float | None = None  # at most so many times as long at ten times the customers
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    prepare: Callable[[str], None] = lambda side: None
    proof: WorkFunction | None = None

    @property
    def sides(self) -> dict[str, WorkFunction]:
        return {OURS: self.ours, self.limit: self.bare, **self.peers}


@dataclass
class BenchmarkResult:
    """Seconds of every round of all sides, ours first and the limit second."""

    piece: WorkBenchmark
    seconds: dict[str, list[float]]
    checksum: str = ""
    used: dict[str, Any] = field(default_factory=dict)
    plan: list[str] = field(default_factory=list)
    load_average: float = 0

    def ratio_to(self, side: str) -> float:
        """Median of ours ÷ median of that side: 1 is level with it, below it we are faster."""
        return statistics.median(self.seconds[OURS]) / statistics.median(self.seconds[side])

    def as_json(self) -> dict[str, Any]:
        others = [side for side in self.seconds if side != OURS]
        ours = self.seconds[OURS]
        return {
            "name": self.piece.name,
            "operations_a_round": self.piece.each,
            "sides": {side: _timing_figures(seconds, self.piece.each) for side, seconds in self.seconds.items()},
            "ratios": {side: round(self.ratio_to(side), 3) for side in others},
            "aims": {side: aim.verdict(ours, self.seconds[side]) for side, aim in self.piece.aims.items()},
            "used": self.used,
            "growth": self.piece.growth,
            "checksum": self.checksum,
            "plan": self.plan,
            "load_average": self.load_average,
        }


def measure_benchmark(piece: WorkBenchmark) -> BenchmarkResult:
    """Alternate all sides after one warm-up of each; raises Unequal when their checksums differ."""
    seconds: dict[str, list[float]] = {side: [] for side in piece.sides}
    with piece.around():
        for number in range(piece.rounds + 1):
            took, checksum = _measure_round(piece)
            for side in seconds if number else ():
                seconds[side].append(took[side])
        used = {name: budget.verdict() for name, budget in piece.budgets.items()}
    return BenchmarkResult(piece, seconds, checksum, used, load_average=round(os.getloadavg()[0], 2))


def _measure_round(piece: WorkBenchmark) -> tuple[dict[str, float], str]:
    """Each side once, timed; what they gave must be the same."""
    took: dict[str, float] = {}
    found: dict[str, Any] = {}
    for side, work in piece.sides.items():
        piece.prepare(side)
        started = time.perf_counter()
        answer = work()
        took[side] = time.perf_counter() - started
        found[side] = piece.proof() if piece.proof else answer
        if found[side] != found[OURS]:
            raise UnequalChecksums(f"{piece.name}: ours gave {str(found[OURS])[:200]}, {side} {str(found[side])[:200]}")
    return took, str(found[OURS])[:80]


def _timing_figures(seconds: list[float], each: int) -> dict[str, Any]:
    median = statistics.median(seconds)
    return {
        "median_ms": round(median * 1000 / each, 4),
        "min_ms": round(min(seconds) * 1000 / each, 4),
        "max_ms": round(max(seconds) * 1000 / each, 4),
        "p95_ms": round(percentile(seconds, 0.95) * 1000 / each, 4),
        "per_second": round(each / median, 1),
        "rounds_ms": [round(took * 1000, 3) for took in seconds],
    }
