"""The repeat-purchase rate."""

from django.utils.translation import gettext as _

from crm.kernel.ui.key_figures import KeyFigure
from retention.reports.tiles.figures import format_count, rate_figure
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=30)
def repeat_purchase_tile(inputs: TileInputs) -> KeyFigure:
    """How many of the buyers bought twice or more."""
    bought = inputs.now.purchases
    meaning = _("Customers with two or more orders in the period, of all who ordered in it.")
    detail = _("%(n)s of %(all)s buyers") % {
        "n": format_count(bought.repeat_buyers, inputs),
        "all": format_count(bought.buyers, inputs),
    }
    return rate_figure(
        inputs,
        label=_("Repeat-purchase rate"),
        now=bought.repeat_rate,
        before=inputs.then.purchases.repeat_rate,
        good=1,
        url=inputs.links.group("repeat_buyers", inputs.window),
        meaning=meaning,
        detail=detail,
        n=bought.buyers,
    )
