"""Cells that a row can do without: a bad one costs itself, with a warning; where the import is strict, it costs the row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from customers.importing.cell_parsing import RejectedCell

T = TypeVar("T")


@dataclass
class OptionalCells:
    """What a row lost is kept as warnings."""

    is_strict: bool = False
    warnings: list[RejectedCell] = field(default_factory=list)

    def take(self, parse: Callable[[], T]) -> T | None:
        """The parsed cell; None with a warning where it cannot be parsed. Refused: RejectedCell, where this is strict."""
        try:
            return parse()
        except RejectedCell as refusal:
            if self.is_strict:
                raise
            self.warnings.append(refusal)
            return None
