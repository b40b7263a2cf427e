"""The figures of purchases, written for the reader."""

from decimal import Decimal

from retention.metrics.rules import PurchaseFigures
from retention.reports import purchase_figures

NO_PURCHASES = PurchaseFigures(0, 0, 0, Decimal(0), Decimal(0))


def test_purchases_are_written_and_a_dash_stands_where_nobody_bought():
    bought = PurchaseFigures(8, 2, 21, Decimal("1234.5"), Decimal("34.5"))

    written = [figure.value for figure in purchase_figures.purchase_figures(bought, "CNY", "en", "/buyers/")]
    nobody = [figure.value for figure in purchase_figures.purchase_figures(NO_PURCHASES, "CNY", "en", "")]

    assert written == ["8", "21", "2.63", "¥58.79", "¥1,200"]
    assert nobody == ["0", "0", "–", "–", "¥0"]
