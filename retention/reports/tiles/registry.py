"""What a tile of the dashboard is given, and the tiles that there are."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.kernel.ui.key_figures import KeyFigure
from retention.metrics.rules import WindowFigures
from retention.metrics.trend import TrendPoint
from retention.metrics.windows import MetricWindow
from retention.reports.drilldown import DrilldownLinks


@dataclass(frozen=True)
class TileInputs:
    """The period, the one before, and their figures; `value` and `nps` are (now, before)."""

    window: MetricWindow
    before: MetricWindow
    now: WindowFigures
    then: WindowFigures
    value: tuple[tuple[Decimal | None, int], tuple[Decimal | None, int]]
    nps: tuple[Any, Any]
    trend: list[TrendPoint]
    currency: str
    language: str
    links: DrilldownLinks


TileBuilder = Callable[[TileInputs], KeyFigure]
_tiles: dict[TileBuilder, int] = {}


def register_tile(*, order: int) -> Callable[[TileBuilder], TileBuilder]:
    """Show the key figure that a function makes, at its place in the row."""

    def register(tile: TileBuilder) -> TileBuilder:
        _tiles[tile] = order
        return tile

    return register


def build_tiles(inputs: TileInputs) -> list[KeyFigure]:
    """The key figures of the dashboard, in their order."""
    return [tile(inputs) for tile in sorted(_tiles, key=lambda tile: _tiles[tile])]
