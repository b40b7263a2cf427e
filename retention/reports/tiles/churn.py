"""The churn rate."""

from django.utils.translation import gettext as _

from crm.kernel.ui.key_figures import KeyFigure
from retention.reports.tiles.figures import format_count, rate_figure
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=20)
def churn_tile(inputs: TileInputs) -> KeyFigure:
    """How many of the active customers were lost."""
    bridge = inputs.now.bridge
    rates = [float(p.lost / p.active_start) for p in inputs.trend if p.active_start]
    detail = _("%(n)s of %(all)s lost") % {
        "n": format_count(bridge.lost, inputs),
        "all": format_count(bridge.active_start, inputs),
    }
    return rate_figure(
        inputs,
        label=_("Churn rate"),
        now=bridge.churn,
        before=inputs.then.bridge.churn,
        good=-1,
        url=inputs.links.group("lost", inputs.window),
        meaning=_("100% less the retention rate."),
        trend=rates,
        detail=detail,
        n=bridge.active_start,
    )
