"""How a product sold month by month: pieces of orders that count, as a chart for its page."""

from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import company, money
from crm.kernel.time import clock, periods
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.languages import babel_locale
from customers.orders.models import OrderLine, Product, counting_orders

MONTHS_SHOWN = 13


def product_sales_by_month(product: Product) -> list[tuple[date, float]]:
    """(month, pieces) by local month, the current one last; a month without any is zero. One query."""
    zone = company.get_company().time_zone
    current = periods.first_of_month(clock.today(zone))
    months = [periods.add_months(current, -back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    lines = OrderLine.objects.filter(product=product, order__placed_at__gte=periods.local_midnight(months[0], zone))
    sold = lines.filter(counting_orders("order__")).annotate(
        month=TruncMonth("order__placed_at", tzinfo=ZoneInfo(zone))
    )
    pieces = {month.date(): float(n) for month, n in sold.values_list("month").annotate(n=Sum("quantity"))}
    return [(month, pieces.get(month, 0.0)) for month in months]


def product_sales_chart(product: Product) -> Chart:
    """The last year and the current month, as bars."""
    language = get_language() or "en"
    sold = product_sales_by_month(product)
    return Chart(
        key="sales",
        kind="bars",
        size="tall",
        summary=_("%(n)s pieces in the last %(months)s months.")
        % {"n": money.format_number(round(sum(n for _month, n in sold)), language), "months": MONTHS_SHOWN},
        x_labels=[_month_label(month, language) for month, _n in sold],
        x_name=_("Month"),
        series=[ChartSeries(_("Pieces"), [n for _month, n in sold])],
    )


def _month_label(month: date, language: str) -> str:
    return format_date(month, "MMM yy" if language == "en" else "yy年M月", locale=babel_locale(language))
