"""Every part of the pages with its states, on one page; in development only, for eyes, axe and pictures."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.kernel.auth import access
from crm.kernel.background.jobs.models import Job
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.key_figures import KeyFigure

MONTHS = ["Mar 25", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 26", "Feb", "Mar"]
RATES = [84.1, 84.4, 84.6, 84.3, 84.8, 85.1, 85.4, 85.6, 85.0, 85.3, 85.7, 86.2, 86.8]
EARLIER_RATES = [82.9, 83.1, 83.0, 83.4, 83.3, 83.6, 83.8, 84.0, 83.5, 83.6, 83.9, 84.0, 84.1]
LOST_CUSTOMERS = [68052, 67236, 66836, 68766, 67184, 66454, 65846, 65664, 69150, 68399, 67353, 65688, 63526]
COHORTS = [
    ("Nov 25", 31218, [35, 33, 28, 26]),
    ("Dec 25", 20900, [43, 36, 33, None]),
    ("Jan 26", 30871, [42, 37, None, None]),
    ("Feb 26", 23462, [42, None, None, None]),
]


STORES = ["Jing’an", "Central", "Xinyi", "Shenzhen Bay", "Online"]
DAYS, HOURS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ["9", "11", "13", "15", "17", "19", "21"]
EXAMPLE_SIGNS = [
    ("good", "check-circle"),
    ("warn", "exclamation-triangle"),
    ("bad", "x-circle"),
    ("info", "info-circle"),
]
EXAMPLE_FIGURES = [
    KeyFigure(
        "Retention rate",
        "86.8",
        "%",
        "#drill",
        "Share of customers active on 1 Jan who were still active on 31 Mar.",
        RATES,
        "1.5 pt",
        "up",
        "good",
        "from 85.3%",
        "418,590 of 482,116 kept",
    ),
    KeyFigure(
        "Refund rate", "2.9", "%", "#drill", "", RATES, "0.5 pt", "up", "bad", "from 2.4%", "5,204 of 179,448 orders"
    ),
    KeyFigure(
        "NPS, within the margin",
        "+41",
        url="#drill",
        trend=RATES,
        change="3 pts",
        direction="up",
        note="from +38, not significant",
        detail="4,134 answers, 11.8%, ±2.2",
    ),
    KeyFigure("Too few to say", "–", note="19 answers, shown from 30", detail="信義店, closed for works", few=True),
]
WRONG, HELP = "Needs 11 digits, or start with + and a country code", "Used for local offers"


@access.require_login
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """All parts; the words here are examples and stay English."""
    return render(request, "kernel/gallery/components.html", example_context())


def example_context() -> dict[str, Any]:
    """What the parts show."""
    return {
        "form": ExampleForm({"mobile": "138 1234", "home_store": "jingan"}),
        "pines": [25, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900],
        "meanings": EXAMPLE_SIGNS,
        "steps": range(1, 10),
        "chart_colours": range(1, 8),
        "figures": EXAMPLE_FIGURES,
        "rates": RATES,
        "rows": [(184320, ""), (1920, "warn"), (960, "bad")],
        "cohorts": COHORTS,
        "span": (20, 43),
        "charts": {
            "line": line_chart(),
            "bars": bar_chart(),
            "stacked": stacked_chart(),
            "rows": row_chart(),
            "heat": heat_chart(),
        },
        "failed": Job(public_id="jb_failed", title="Export", state=Job.State.FAILED, error="The disk is full."),
    }


def line_chart() -> Chart:
    links = ["#drill"] * len(MONTHS)
    return Chart(
        key="trend",
        kind="line",
        summary="Retention rose from 84.1% in March 2025 to 86.8% in March 2026.",
        size="tall",
        x_labels=MONTHS,
        x_name="Month",
        unit="%",
        digits=1,
        target=(87, "Target 87%"),
        low=82,
        high=88,
        series=[
            ChartSeries("Retention", RATES, links=links),
            ChartSeries("A year earlier", EARLIER_RATES, role="earlier"),
        ],
        bars_below=ChartSeries("Lost", LOST_CUSTOMERS, role="lost", links=links),
    )


def bar_chart() -> Chart:
    now, before = [420, 380, 350, 300, 910], [400, 390, 310, 320, 760]
    series = [ChartSeries("Q1 2026", now), ChartSeries("Q4 2025", before, role="earlier")]
    return Chart(key="stores", kind="bars", summary="Orders by store.", x_labels=STORES, x_name="Store", series=series)


def stacked_chart() -> Chart:
    series = [
        ChartSeries("Promoters", [210, 220, 250, 240, 260, 280], role="c1"),
        ChartSeries("Passives", [90, 95, 85, 88, 92, 90], role="c7"),
        ChartSeries("Detractors", [40, 52, 48, 39, 35, 31], role="c4"),
    ]
    return Chart(
        key="answers", kind="stacked", summary="Answers by month.", x_labels=MONTHS[-6:], x_name="Month", series=series
    )


def row_chart() -> Chart:
    reasons = ["Delivery", "Price", "Quality", "Other"]
    series = [ChartSeries("Share", [41, 27, 19, 13])]
    return Chart(
        key="reasons",
        kind="rows",
        summary="Why people left.",
        x_labels=reasons,
        x_name="Reason",
        unit="%",
        series=series,
    )


def heat_chart() -> Chart:
    cells = {"cells": [[x, y, (x * 7 + y * 5) % 23] for x in range(7) for y in range(7)]}
    says, series = "Orders by weekday and hour.", [ChartSeries("Orders", [])]
    return Chart(key="hours", kind="heat", summary=says, x_labels=HOURS, y_labels=DAYS, series=series, extra=cells)


class ExampleForm(forms.Form):
    """A field in each state."""

    mobile = forms.RegexField(r"^1\d{10}$", error_messages={"invalid": WRONG})
    home_store = forms.ChoiceField(choices=[("jingan", "静安店 Jing’an")], help_text=HELP)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    quiet_hours = forms.BooleanField(required=False)
