"""How tiles write a rate, a change and a number of people."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.key_figures import KeyFigure
from retention.metrics.rules import percentage_point_change
from retention.reports.tiles.registry import TileInputs

FEW_CUSTOMERS = 30
UNDEFINED = "–"


def rate_figure(
    inputs: TileInputs,
    *,
    label: str,
    now: Decimal | None,
    before: Decimal | None,
    good: int,
    url: str,
    meaning: str,
    detail: str,
    n: int,
    trend: Sequence[float] = (),
) -> KeyFigure:
    """A rate with its change in percentage points; `good` is 1 where more is better, -1 where less is. `n` stand behind it."""
    moved = percentage_point_change(now, before)
    note = (
        _("from %(rate)s") % {"rate": money.format_rate(before, inputs.language)}
        if before is not None
        else _("no earlier figure")
    )
    return KeyFigure(
        label=label,
        value=UNDEFINED if now is None else money.format_rate(now, inputs.language).rstrip("%"),
        unit="" if now is None else "%",
        url="" if now is None else url,
        meaning=meaning,
        trend=trend,
        change=_("%(n)s pt") % {"n": money.round_half_up(abs(moved), 1)} if moved is not None else "",
        direction=change_direction(moved),
        verdict=change_verdict(moved, good),
        note=note,
        detail=detail,
        few=n < FEW_CUSTOMERS,
    )


def change_direction(moved: Decimal | None) -> str:
    """Up, down, or empty where nothing moved."""
    return "" if not moved else "up" if moved > 0 else "down"


def change_verdict(moved: Decimal | None, good: int) -> str:
    """Good, bad, or empty where nothing moved."""
    return "" if not moved else "good" if moved * good > 0 else "bad"


def format_count(value: int, inputs: TileInputs) -> str:
    """A number as the reader writes it."""
    return money.format_number(value, inputs.language)
