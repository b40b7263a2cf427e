"""The retention rate."""

from django.utils.translation import gettext as _

from crm.kernel.ui.key_figures import KeyFigure
from retention.reports.tiles.figures import format_count, rate_figure
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=10)
def retention_tile(inputs: TileInputs) -> KeyFigure:
    """How many of the active customers stayed."""
    bridge = inputs.now.bridge
    rates = [float(p.retained / p.active_start) for p in inputs.trend if p.active_start]
    meaning = _(
        "Of the customers active on the first day, the share still active after the last."
        " New and won-back ones are left out."
    )
    detail = _("%(n)s of %(all)s kept") % {
        "n": format_count(bridge.retained, inputs),
        "all": format_count(bridge.active_start, inputs),
    }
    return rate_figure(
        inputs,
        label=_("Customer retention rate"),
        now=bridge.retention,
        before=inputs.then.bridge.retention,
        good=1,
        url=inputs.links.group("retained", inputs.window),
        meaning=meaning,
        trend=rates,
        detail=detail,
        n=bridge.active_start,
    )
