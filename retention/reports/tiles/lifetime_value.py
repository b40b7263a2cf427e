"""The lifetime value so far."""

from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.key_figures import KeyFigure
from retention.metrics.rules import relative_change
from retention.reports.tiles.figures import FEW_CUSTOMERS, UNDEFINED, change_direction, change_verdict, format_count
from retention.reports.tiles.registry import TileInputs, register_tile


@register_tile(order=40)
def lifetime_value_tile(inputs: TileInputs) -> KeyFigure:
    """What active customers have spent so far, on average."""
    (mean, n), (before, _n) = inputs.value
    moved = relative_change(mean, before)
    written = money.format_money(mean, inputs.currency, inputs.language, whole=True) if mean is not None else UNDEFINED
    return KeyFigure(
        label=_("Lifetime value so far"),
        value=written,
        unit="",
        url=inputs.links.group("active_end", inputs.window) if n else "",
        meaning=_(
            "Mean of all purchases up to the end of the period, net of refunds and discounts, of the customers active then."
        ),
        trend=[],
        change=money.format_rate(abs(moved), inputs.language) if moved is not None else "",
        direction=change_direction(moved),
        verdict=change_verdict(moved, 1),
        note=_("from %(amount)s") % {"amount": money.format_money(before, inputs.currency, inputs.language, whole=True)}
        if before
        else "",
        detail=_("mean of %(n)s active") % {"n": format_count(n, inputs)},
        few=n < FEW_CUSTOMERS,
    )
