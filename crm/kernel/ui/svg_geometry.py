"""Geometry of the small pictures that pages draw as SVG: pure arithmetic on plain numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 76.0, 26.0, 3.0


@dataclass(frozen=True)
class SparklineShape:
    path: str
    x: str
    y: str


@dataclass(frozen=True)
class IntervalShape:
    """A point, its whiskers and the zero line, on a strip of `width` units; clear when zero is outside."""

    width: int
    zero: str
    low: str
    point: str
    high: str
    is_clear: bool


@dataclass(frozen=True)
class BarSegment:
    x: str
    width: str
    tone: str


def build_sparkline(values: Sequence[float | None]) -> SparklineShape | None:
    """A line through the known values, scaled to its own range; fewer than two values draw nothing."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(v for _, v in known), max(v for _, v in known)
    step = (SPARK_WIDTH - 1 - SPARK_EDGE) / (len(values) - 1)
    span = SPARK_HEIGHT - 2 * SPARK_EDGE

    def down(value: float) -> float:
        return SPARK_EDGE + span * (0.5 if high == low else (high - value) / (high - low))

    points = [(1 + place * step, down(value)) for place, value in known]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return SparklineShape(path=path, x=f"{points[-1][0]:.1f}", y=f"{points[-1][1]:.1f}")


def place_interval(low: float, point: float, high: float, start: float, end: float, width: int = 76) -> IntervalShape:
    """Place an interval on the common scale [start, end]; whatever lies outside is drawn at the edge."""

    def at(value: float) -> str:
        share = 0.5 if end == start else (value - start) / (end - start)
        return f"{4 + (width - 8) * min(max(share, 0.0), 1.0):.1f}"

    return IntervalShape(width, at(0), at(low), at(point), at(high), is_clear=low > 0 or high < 0)


def bar_segments(parts: Sequence[tuple[float, str]], total: float) -> list[BarSegment]:
    """Parts of a bar side by side, in hundredths of `total`; a bar never runs over its end."""
    drawn, x = [], 0.0
    for value, tone in parts:
        width = 0.0 if total <= 0 else min(max(float(value), 0.0) / float(total) * 100, 100 - x)
        drawn.append(BarSegment(f"{x:.2f}", f"{width:.2f}", tone))
        x += width
    return drawn


def avatar_hue(key: str) -> str:
    """One of the four quiet avatar colours, the same for the same name everywhere."""
    return ("", "a", "b", "c")[sum(ord(sign) * (place + 1) for place, sign in enumerate(key)) % 4]


def avatar_initials(name: str) -> str:
    """What stands in an avatar: a Chinese name's first sign, else the initials of the first and last word."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E80 or len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


def heat_step(share: float | None, low: float, high: float) -> int:
    """Step 1–9 of the sequential scale for a value between the table's lowest and highest; 0 for no value."""
    if share is None:
        return 0
    return 5 if high <= low else 1 + min(8, max(0, int((float(share) - low) / (high - low) * 9)))
