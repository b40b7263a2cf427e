"""Pages of the reports: the dashboard, the customers at risk, and the figures as files."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.files import csv_cells
from crm.kernel.http import htmx
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import BadPeriod
from crm.kernel.ui.listing.cursors import BadCursor
from customers.orders import exchange_rates
from customers.profiles import selectors as customers
from retention.care import selectors as care
from retention.care.models import CareProgram
from retention.evaluation import effect_display as effects
from retention.reports import dashboard, drilldown, filters, risk_list, services
from retention.risk import common_rhythm
from retention.risk import selectors as risk


@access.require_permissions("metrics.view")
@require_safe
def dashboard_page(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Is the company keeping its customers? A wrong period is a 400 that names the parameter."""
    now, today = clock.now(), clock.today(company.get_company().time_zone)
    try:
        choice = filters.parse_period_choice(request.GET, today)
    except BadPeriod as refusal:
        return _refuse_period(request, refusal, today)
    board = dashboard.build_dashboard(choice, today, get_language() or "en", request.user)
    links = drilldown.DrilldownLinks(request.user)
    return render(
        request,
        "retention/reports/dashboard.html",
        {
            "choice": choice,
            "presets": filters.PERIOD_PRESETS,
            "board": board,
            "bridge": _bridge_parts(board, links),
            **_at_risk_context(request, now),
            "programs": _program_results(now),
            "empty": not board.figures.purchases.orders and not customers.has_customers(),
            "without_rate": exchange_rates.missing_rates(),
            **_newest_orders_context(board),
        },
    )


def _at_risk_context(request: AuthenticatedHttpRequest, now: datetime) -> dict[str, Any]:
    """The card of those at risk, of the people whom the reader may list; who may see none gets the count alone."""
    if not access.has_permission(request.user, "customers.view"):
        return {"late": risk.risk_totals(), "nights": risk_list.at_risk_history()}
    return {**_at_risk_totals(request), "at_risk": risk_list.most_valuable_rows(now, request.user, 5)}


def _at_risk_totals(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """How many of the reader's people are at risk, and how that moved: the nights are written down of everybody only."""
    nights = risk_list.at_risk_history() if access.may_see_all_records(request.user, "customers.view") else None
    return {"late": risk_list.visible_risk_totals(request.user), "nights": nights}


def _program_results(now: datetime) -> list[tuple[CareProgram, effects.ResultDisplay]]:
    """The programmes that run or have run, with what they changed; two queries."""
    started = care.started_programs()
    displays = effects.result_displays(started, now) if started else {}
    return [(program, displays[program.pk]) for program in started]


def _newest_orders_context(board: dashboard.Dashboard) -> dict[str, Any]:
    """Where the page may lead instead, when nobody bought in the period: the year up to the newest order."""
    if board.newest_order is None:
        return {}
    last = board.newest_order.astimezone(ZoneInfo(board.window.zone)).date() + timedelta(days=1)
    return {"newest_start": periods.add_months(last, -12), "newest_end": last}


def _bridge_parts(board: dashboard.Dashboard, links: drilldown.DrilldownLinks) -> list[tuple[str, int, str, str]]:
    """S − lost + new + won back = E: sign, number, word, link."""
    counts = board.figures.bridge
    parts = [
        ("", counts.active_start, _("at the start"), "active_start"),
        ("−", counts.lost, _("lost"), "lost"),
        ("+", counts.new, _("new"), "new"),
        ("+", counts.won_back, _("won back"), "won_back"),
        ("=", counts.active_end, _("at the end"), "active_end"),
    ]
    return [(sign, number, word, links.group(group, board.window)) for sign, number, word, group in parts]


def _refuse_period(request: AuthenticatedHttpRequest, refusal: BadPeriod, today: date) -> HttpResponse:
    context = {
        "refusal": str(refusal),
        "presets": filters.PERIOD_PRESETS,
        "choice": filters.parse_period_choice({}, today),
    }
    return render(request, "retention/reports/dashboard.html", context, status=400)


@access.require_permissions("metrics.view", "customers.view")
@require_safe
def at_risk_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Who may be leaving, the most valuable first."""
    now = clock.now()
    try:
        page, rows = risk_list.risk_page(now, request.user, request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor:
        page, rows = risk_list.risk_page(now, request.user, request.GET.get("sort"), None)
    context = {"page": page, "rows": rows, "active_days": company.get_company().active_days}
    if not htmx.is_htmx(request):
        totals = _at_risk_totals(request)
        context |= {"common": common_rhythm.get_common_rhythm()}
        context |= {**totals, "figures": risk_list.at_risk_figures(totals["late"], totals["nights"])}
    return htmx.render_page_or_partial(request, "retention/reports/at_risk_list.html", context, partial="rows")


@access.require_permissions("metrics.export")
@require_safe
def dashboard_csv(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The trend and the cohorts of the chosen period as CSV, with period, definition and time of calculation."""
    today = clock.today(company.get_company().time_zone)
    try:
        choice = filters.parse_period_choice(request.GET, today)
    except BadPeriod as refusal:
        return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")
    board = dashboard.build_dashboard(choice, today, get_language() or "en", request.user)
    about, *rows = _csv_rows(board)
    services.record_figures_export(period=choice.period, by=request.user)
    name = f"retention-{choice.period.start}-{choice.period.end}.csv"
    return csv_cells.build_csv_response(name, about, rows)


def _csv_rows(board: dashboard.Dashboard) -> list[list[Any]]:
    about = [_("Active days"), board.window.active_days, _("Computed"), board.computed_at]
    head = [board.trend.x_name, *board.trend.columns()]
    points = [[name, *[cell.text for cell in cells]] for name, cells in board.trend.rows()]
    cohort_head = [_("First order"), _("Size"), *board.months]
    cohorts = [[row.month, row.size, *[cell.customers for cell in row.cells]] for row in board.cohorts]
    return [about, [], head, *points, [], cohort_head, *cohorts]
