"""The managers' dashboard: tiles, bridge, trend and cohorts of a period, each with what it rests on."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _

from crm.kernel import company, money
from crm.kernel.auth.models import User
from crm.kernel.time import periods
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.key_figures import KeyFigure
from crm.kernel.ui.languages import babel_locale
from customers.orders.models import CustomerSummary
from feedback.surveys import selectors as surveys
from retention.metrics import selectors, trend, windows
from retention.metrics.cohorts import Cohort
from retention.metrics.rules import WindowFigures
from retention.metrics.trend import TrendPoint
from retention.metrics.windows import MetricWindow
from retention.reports import purchase_figures, tiles
from retention.reports.drilldown import DrilldownLinks
from retention.reports.filters import PeriodChoice

TREND_MONTHS = 13
COHORT_MONTHS = 12


@dataclass(frozen=True)
class CohortCell:
    """One cell: share and number of those who came back, and where they are listed; `partial` while the month runs."""

    share: Decimal | None
    customers: int
    link: str
    partial: bool


@dataclass(frozen=True)
class CohortRow:
    month: str
    size: int
    link: str
    cells: list[CohortCell]


@dataclass(frozen=True)
class Dashboard:
    """Everything that the page shows, in the reader's language."""

    window: MetricWindow
    figures: WindowFigures
    computed_at: datetime
    tiles: list[KeyFigure]
    purchases: list[KeyFigure]
    trend: Chart
    cohorts: list[CohortRow]
    span: tuple[Decimal, Decimal]
    months: range
    newest_order: datetime | None


def build_dashboard(choice: PeriodChoice, today: date, language: str, user: User) -> Dashboard:
    """The dashboard of a period for a reader; about seven queries, and one per figure that must be counted anew."""
    window, before = windows.metric_window(choice.period), windows.metric_window(choice.period.previous_period())
    until, axis, axis_before = min(today, choice.last), *_trend_windows(choice, today)
    results = selectors.fetch_figures(
        *(selectors.window_query(compared) for compared in (window, before)),
        *(selectors.lifetime_value_query(compared) for compared in (window, before)),
        selectors.trend_query([*axis_before, *axis]),
        selectors.cohorts_query(until, COHORT_MONTHS),
    )
    now, then, value, value_then, trend_points, cohorts = (result.value for result in results)
    earlier, points = trend_points[:TREND_MONTHS], trend_points[TREND_MONTHS:]
    links = DrilldownLinks(user)
    rows, span = _cohort_rows(cohorts, until, today, language, links)
    currency = company.get_company().base_currency
    figures = tiles.TileInputs(
        window, before, now, then, (value, value_then), _nps_results(choice), points, currency, language, links
    )
    return Dashboard(
        window=window,
        figures=now,
        computed_at=min(result.computed_at for result in results),
        tiles=tiles.build_tiles(figures),
        purchases=purchase_figures.purchase_figures(now.purchases, currency, language, links.group("buyers", window)),
        trend=_trend_chart(axis, points, earlier, language, links),
        cohorts=rows,
        span=span,
        months=range(1, COHORT_MONTHS),
        newest_order=_newest_order() if not now.purchases.orders else None,
    )


def _newest_order() -> datetime | None:
    return (
        CustomerSummary.objects.order_by("-last_order_at")
        .exclude(last_order_at=None)
        .values_list("last_order_at", flat=True)
        .first()
    )


def _nps_results(choice: PeriodChoice) -> tuple[Any, Any]:
    return surveys.nps_of_period(choice.period), surveys.nps_of_period(choice.period.previous_period())


def _trend_windows(choice: PeriodChoice, today: date) -> tuple[list[MetricWindow], list[MetricWindow]]:
    """Windows as long as the period, ending with each of the last 13 month firsts, and the same a year earlier."""
    months = trend.whole_months(choice.period)
    last = min(periods.first_of_month(choice.period.end), periods.first_of_month(today))
    return (
        trend.windows_up_to(last, months, TREND_MONTHS),
        trend.windows_up_to(periods.add_months(last, -12), months, TREND_MONTHS),
    )


def _trend_chart(
    axis: list[MetricWindow], points: list[TrendPoint], earlier: list[TrendPoint], language: str, links: DrilldownLinks
) -> Chart:
    locale = babel_locale(language)
    names = [format_date(window.end, "MMM yy" if language == "en" else "yy年M月", locale=locale) for window in axis]
    rates = [_retention_percent(point) for point in points]
    known_rates = [rate for rate in rates if rate is not None]
    summary_text = _("Retention by month.")
    if known_rates:
        summary_text = _("Retention went from %(first)s to %(last)s.") % {
            "first": money.format_rate(known_rates[0] / 100, language),
            "last": money.format_rate(known_rates[-1] / 100, language),
        }
    return Chart(
        key="retention-trend",
        kind="line",
        summary=summary_text,
        x_labels=names,
        x_name=_("Up to the first of"),
        unit="%",
        digits=1,
        size="tall",
        series=[
            ChartSeries(
                _("Retention"),
                rates,
                sample_sizes=[p.active_start for p in points],
                links=[links.group("retained", w) for w in axis],
            ),
            ChartSeries(
                _("A year earlier"),
                [_retention_percent(point) for point in earlier],
                role="earlier",
                sample_sizes=[p.active_start for p in earlier],
            ),
        ],
        bars_below=ChartSeries(
            _("Lost"), [p.lost for p in points], role="lost", links=[links.group("lost", w) for w in axis]
        ),
    )


def _retention_percent(point: TrendPoint) -> Decimal | None:
    return Decimal(100 * point.retained) / point.active_start if point.active_start else None


def _cohort_rows(
    cohorts: list[Cohort], until: date, today: date, language: str, links: DrilldownLinks
) -> tuple[list[CohortRow], tuple[Decimal, Decimal]]:
    """The cohorts of the twelve months up to `until`, counted to the end of its month."""
    rows = [_cohort_row(cohort, until, today, language, links) for cohort in cohorts]
    shares = [cell.share for row in rows for cell in row.cells if cell.share is not None]
    return rows, (min(shares, default=Decimal(0)), max(shares, default=Decimal(1)))


def _cohort_row(cohort: Cohort, until: date, today: date, language: str, links: DrilldownLinks) -> CohortRow:
    newest_month, this_month = periods.first_of_month(until), periods.first_of_month(today)
    cells = []
    for months in range(1, COHORT_MONTHS):
        month = periods.add_months(cohort.month, months)
        if month > newest_month:
            break
        customers = cohort.returned.get(months, 0)
        share = Decimal(customers) / cohort.size if cohort.size else None
        cells.append(CohortCell(share, customers, links.cohort(cohort.month, months), month == this_month))
    name = format_date(cohort.month, "MMM yy" if language == "en" else "yy年M月", locale=babel_locale(language))
    return CohortRow(name, cohort.size, links.cohort(cohort.month), cells)
