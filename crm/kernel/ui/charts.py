"""What a page says to a chart: the figures, never the drawing. `static/js/charts.js` draws, the table is drawn here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

from crm.kernel.money import round_half_up

ChartValue = float | int | Decimal | None


@dataclass(frozen=True)
class ChartSeries:
    """One line or one set of bars. `role` picks the look: main, earlier, lost, control, forecast or c1 … c7."""

    name: str
    values: Sequence[ChartValue]
    role: str = "main"
    sample_sizes: Sequence[int] = ()
    links: Sequence[str] = ()


@dataclass(frozen=True)
class ChartCell:
    text: str
    link: str = ""


@dataclass(frozen=True)
class Chart:
    """A figure of a page: `summary` is its content in one sentence, for people who do not see it.

    kind: line, bars, stacked, rows (bars that lie) or heat. `bars_below` are bars under a line, on their own scale.
    """

    key: str
    kind: str
    summary: str
    x_labels: Sequence[str]
    series: Sequence[ChartSeries]
    unit: str = ""
    digits: int = 0
    low: ChartValue = None
    high: ChartValue = None
    target: tuple[ChartValue, str] | None = None
    bars_below: ChartSeries | None = None
    band: tuple[Sequence[ChartValue], Sequence[ChartValue]] | None = None
    y_labels: Sequence[str] = ()
    csv_url: str = ""
    x_name: str = ""
    size: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """The figures as JSON can hold them, rounded as the table has them: what is drawn says the same number."""
        return {
            "kind": self.kind,
            "x": list(self.x_labels),
            "y": list(self.y_labels),
            "unit": self.unit,
            "digits": self.digits,
            "low": _plain_value(self.low),
            "high": _plain_value(self.high),
            "target": {"value": _plain_value(self.target[0]), "label": self.target[1]} if self.target else None,
            "series": [self._series_payload(series) for series in self.series],
            "below": self._series_payload(self.bars_below) if self.bars_below else None,
            "band": [[_plain_value(v) for v in side] for side in self.band] if self.band else None,
            **self.extra,
        }

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Name and key of everything drawn, where there is more than one thing to tell apart."""
        bars = {id(each) for each in self._every() if self.kind != "line" or each is self.bars_below}
        named = [(each.name, _legend_key_classes(each.role, id(each) in bars)) for each in self._every()]
        return named if len(named) > 1 else []

    @property
    def has_figures(self) -> bool:
        """False when there is nothing to draw: the page then says so."""
        drawn = [value for each in self._every() for value in each.values if value is not None]
        return any(drawn) or any(cell[2] is not None for cell in self.extra.get("cells", []))

    def columns(self) -> list[str]:
        return [each.name for each in self._every()]

    def rows(self) -> list[tuple[str, list[ChartCell]]]:
        """The same figures as a table: one row per place on the axis."""
        return [(name, [self._cell(each, place) for each in self._every()]) for place, name in enumerate(self.x_labels)]

    def _every(self) -> list[ChartSeries]:
        return [*self.series, *([self.bars_below] if self.bars_below else [])]

    def _cell(self, series: ChartSeries, place: int) -> ChartCell:
        value = series.values[place] if place < len(series.values) else None
        digits, unit = self._digits_and_unit(series)
        text = "–"
        if value is not None:
            text = f"{number_format(round_half_up(value, digits), digits, force_grouping=True)}{unit}"
        return ChartCell(text, series.links[place] if place < len(series.links) else "")

    def _digits_and_unit(self, series: ChartSeries) -> tuple[int, str]:
        return (0, "") if series is self.bars_below else (self.digits, self.unit)

    def _series_payload(self, series: ChartSeries) -> dict[str, Any]:
        digits, _unit = self._digits_and_unit(series)
        return {
            "name": series.name,
            "role": series.role,
            "values": [
                value if value is None or isinstance(value, int) else float(round_half_up(value, digits))
                for value in series.values
            ],
            "n": list(series.sample_sizes),
            "links": list(series.links),
        }


def _plain_value(value: ChartValue) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value


def _legend_key_classes(role: str, is_bar: bool) -> str:
    """The classes of a legend's key: a line, a dashed one, or a square."""
    colour = {"main": "c1", "lost": "c4", "forecast": "c1 pale"}.get(role, role)
    return f"sq {colour}" if is_bar else "dash" if role in ("earlier", "control") else colour
