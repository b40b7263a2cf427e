"""The figures of purchases below the dashboard's charts."""

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.ui.key_figures import KeyFigure
from retention.metrics.rules import PurchaseFigures
from retention.reports.tiles.figures import UNDEFINED


def purchase_figures(bought: PurchaseFigures, currency: str, language: str, buyers_url: str) -> list[KeyFigure]:
    """Buyers, orders, orders per buyer, average order, net revenue; a dash where nobody bought."""
    frequency, average = bought.frequency, bought.average_order
    return [
        KeyFigure(_("Buyers"), money.format_number(bought.buyers, language), url=buyers_url),
        KeyFigure(_("Orders"), money.format_number(bought.orders, language)),
        KeyFigure(_("Orders per buyer"), UNDEFINED if frequency is None else floatformat(frequency, 2)),
        KeyFigure(
            _("Average order"), UNDEFINED if average is None else money.format_money(average, currency, language)
        ),
        KeyFigure(_("Net revenue"), money.format_money(bought.net_revenue, currency, language, whole=True)),
    ]
