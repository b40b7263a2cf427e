"""What a survey's page shows."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from crm.kernel.time.periods import Period
from feedback.surveys import report, selectors, survey_kinds
from feedback.surveys.choices import WithheldReason
from feedback.surveys.models import Survey, Withheld

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def on(day):
    return datetime.fromisoformat(f"2026-{day}T12:00:00+08:00")


@pytest.fixture
def nps(make_response):
    for score in (10, 9, 8, 2):
        make_response(score, at=on("03-10"))
    return Survey.objects.get(key="nps")


@pytest.mark.parametrize(
    ("days", "chosen"), [("30", 30), ("90", 90), ("365", 365), (None, 365), ("7", 365), ("x", 365)]
)
def test_period_is_one_of_three_and_ends_today(days, chosen, at):
    at("2026-03-31T23:30:00+08:00")

    length, period = report.report_period(days)

    assert (length, (period.end - period.start).days, period.end) == (chosen, chosen, date(2026, 4, 1))


def test_figure_of_nobody_is_a_dash():
    kind = survey_kinds.get_survey_kind("nps")

    figure = report.score_figure(kind, kind.score({}, invited=3))

    assert (figure.value, figure.interval, figure.is_few, figure.drawn) == ("–", "", True, None)
    assert figure.rate == 0


@pytest.mark.parametrize(("n", "is_few"), [(29, True), (30, False)])
def test_few_answers_say_so(n, is_few):
    kind = survey_kinds.get_survey_kind("csat")

    figure = report.score_figure(kind, kind.score({"positive": n}))

    assert (figure.value, figure.is_few) == ("100%", is_few)
    assert figure.drawn[1:] == (100.0, 100.0, 0)


@pytest.mark.rule("RM-7")
def test_groups_have_counts_shares_and_links_for_who_may_list_customers(nps, make_user):
    score = selectors.survey_score(nps, MARCH)

    shares = report.group_shares(nps, score, MARCH, make_user("manager"))
    without_links = report.group_shares(nps, score, MARCH, make_user("sales", scope="own"))

    assert [(share.key, share.count, share.share, share.tone) for share in shares] == [
        ("promoter", 2, Decimal("0.5"), ""),
        ("passive", 1, Decimal("0.25"), "mute"),
        ("detractor", 1, Decimal("0.25"), "bad"),
    ]
    assert all("group=" + share.key in share.url for share in shares)
    assert [share.url for share in without_links] == ["", "", ""]


def test_trend_begins_with_the_first_answer(nps, make_user):
    chart = report.score_trend_chart(nps, Period(date(2026, 1, 15), date(2026, 5, 1)), make_user("manager"))

    assert chart.x_labels == ["Mar 26", "Apr 26"]
    assert chart.series[0].name == "NPS"
    assert chart.series[0].values == [Decimal("25.0"), None]
    assert (chart.low, chart.high, chart.unit) == (-100, 100, "")


def test_spread_names_every_step_in_the_series_of_its_group(nps, make_user):
    chart = report.score_spread_chart(nps, MARCH, make_user("manager"))

    assert chart.x_labels == [str(step) for step in range(11)]
    assert [series.role for series in chart.series] == ["main", "c7", "lost"]
    assert chart.series[2].values[:4] == [0, 0, 1, 0]
    assert chart.series[2].values[7:] == [None] * 4


def test_reasons_why_nobody_was_asked_are_counted_in_the_period(nps, make_customer):
    for day in ("03-05", "03-06", "04-02"):
        Withheld.objects.create(
            survey=nps, customer=make_customer(), occasion="x", reason=WithheldReason.NO_ADDRESS, at=on(day)
        )

    assert [(str(label), n) for label, n in report.withheld_reasons(nps, MARCH)] == [("Has no e-mail address", 2)]


def test_key_figures_say_that_few_answered(nps):
    score = report.score_figure(nps.definition, selectors.survey_score(nps, MARCH))

    figures = report.survey_key_figures(nps.definition, score, "/customers/")

    assert [(figure.label, figure.value, figure.url) for figure in figures] == [
        ("NPS", "+25", "/customers/"),
        ("Answers", "4", "/customers/"),
        ("Response rate", "100%", ""),
    ]
    assert (figures[0].few, figures[1].note) == (True, "Fewer than 30: the score says little yet.")
