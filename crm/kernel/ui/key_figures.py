"""A key figure: a number with its name, how it moved, and who is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class KeyFigure:
    """What `components/kpi.html` shows.

    `direction` is up, down or none; `verdict` good, bad or none (within the margin: grey); `few` says that too few
    people stand behind the number.
    """

    label: str
    value: str
    unit: str = ""
    url: str = ""
    meaning: str = ""
    trend: Sequence[float] = ()
    change: str = ""
    direction: str = ""
    verdict: str = ""
    note: str = ""
    detail: str = ""
    few: bool = False
