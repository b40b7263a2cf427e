"""What a survey's page shows: the score in figures and words, its trend, its distribution."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.templatetags import crm as written
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import Period
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.key_figures import KeyFigure
from crm.kernel.ui.languages import babel_locale
from customers.workspace import drilldown
from feedback.surveys import rules, selectors
from feedback.surveys.choices import WithheldReason
from feedback.surveys.models import Survey
from feedback.surveys.rules import SurveyScore
from feedback.surveys.survey_kinds import BAD, GOOD, NEUTRAL, SurveyKind

FEW_ANSWERS = 30
REPORT_DAYS = (30, 90, 365)
SEGMENT_TONES = {GOOD: "", NEUTRAL: "mute", BAD: "bad"}
SERIES_ROLES = {GOOD: "main", NEUTRAL: "c7", BAD: "lost"}


@dataclass(frozen=True)
class ScoreFigure:
    """A score as it is read: `+30`, `14.7 … 45.3`, and whether there are too few answers to say."""

    value: str
    interval: str
    n: int
    is_few: bool
    rate: Decimal | None
    invited: int
    drawn: tuple[float, float, float, int] | None = None  # low, point, high, where the scale starts


@dataclass(frozen=True)
class GroupShare:
    """One of the groups that a score is made of, with the address of its customers."""

    key: str
    name: Any
    count: int
    share: Decimal | None
    tone: str
    url: str


def report_period(days: str | None) -> tuple[int, Period]:
    """The last 30, 90 or 365 local days up to today; the year without a choice."""
    chosen = int(days) if days in {str(choice) for choice in REPORT_DAYS} else 365
    tomorrow = clock.today(company.get_company().time_zone) + timedelta(days=1)
    return chosen, Period(tomorrow - timedelta(days=chosen), tomorrow)


def score_figure(kind: SurveyKind, score: SurveyScore) -> ScoreFigure:
    """A score as its kind writes it; a dash where nobody answered."""
    if score.value is None or score.low is None or score.high is None:
        return ScoreFigure("–", "", 0, True, score.response_rate, score.invited)
    low, value, high = (float(bound * kind.factor) for bound in (score.low, score.value, score.high))
    return ScoreFigure(
        value=kind.value_text(score.value),
        interval=kind.interval_text(score.low, score.high),
        n=score.n,
        is_few=score.n < FEW_ANSWERS,
        rate=score.response_rate,
        invited=score.invited,
        drawn=(low, value, high, kind.lowest),
    )


def survey_key_figures(kind: SurveyKind, score: ScoreFigure, customers_url: str) -> list[KeyFigure]:
    """The score with its interval, the answers, and how many of those asked have answered."""
    few = _("Fewer than 30: the score says little yet.")
    return [
        KeyFigure(
            str(kind.figure_label),
            score.value,
            url=customers_url,
            meaning=str(kind.figure_meaning),
            note=_("95%% interval %(interval)s") % {"interval": score.interval},
            few=score.is_few,
        ),
        KeyFigure(
            _("Answers"),
            written.number(score.n),
            url=customers_url,
            note=few if score.is_few else _("people who answered in the period"),
        ),
        KeyFigure(
            _("Response rate"),
            written.percent(score.rate, 0),
            note=_("of %(n)s asked in the period") % {"n": written.number(score.invited)},
        ),
    ]


def group_shares(survey: Survey, score: SurveyScore, period: Period, user: User) -> list[GroupShare]:
    """The groups that a score is made of, the happiest first."""
    counts = survey.definition.group_counts(score)
    return [
        GroupShare(
            group.key,
            group.label,
            counts[group.key],
            rules.share_of(counts[group.key], score.n),
            SEGMENT_TONES[group.sentiment],
            drilldown_url(survey, period, user, group=group.key),
        )
        for group in survey.definition.groups
    ]


def drilldown_url(survey: Survey, period: Period, user: User, **more: Any) -> str:
    """The address of the customers behind a number, for who may list them all."""
    return drilldown.drilldown_url(user, "survey", survey=survey.public_id, start=period.start, end=period.end, **more)


def score_trend_chart(survey: Survey, period: Period, user: User) -> Chart:
    """The score by month with its interval, and the answers under it; each point opens its customers."""
    kind = survey.definition
    months = selectors.survey_score_by_month(survey, Period(periods.first_of_month(period.start), period.end))
    months = _from_first_answer(months)
    scores = list(months.values())
    links = [drilldown_url(survey, _month_within(month, period), user) for month in months]
    n = [score.n for score in scores]
    return Chart(
        key="trend",
        kind="line",
        summary=_("The score of “%(survey)s” by month.") % {"survey": survey.title},
        x_labels=[_month_label(month) for month in months],
        x_name=_("Month"),
        unit=kind.unit,
        low=kind.lowest,
        high=100,
        size="tall",
        series=[
            ChartSeries(kind.short_label, [_drawn(kind, score.value) for score in scores], sample_sizes=n, links=links)
        ],
        band=([_drawn(kind, score.low) for score in scores], [_drawn(kind, score.high) for score in scores]),
        bars_below=ChartSeries(_("Answers"), n, role="c2", links=links),
    )


def score_spread_chart(survey: Survey, period: Period, user: User) -> Chart:
    """How many gave which score, in the color of the group that the score belongs to."""
    counts, scale = selectors.score_distribution(survey, period), selectors.survey_scale(survey)
    groups = {step: scale.group_of(step) for step in counts}
    links = [drilldown_url(survey, period, user, score=step) for step in counts]
    return Chart(
        key="spread",
        kind="stacked",
        size="tall",
        unit="",
        summary=_("How many gave which answer to “%(survey)s”.") % {"survey": survey.title},
        x_labels=[scale.axis_text(step) for step in counts],
        x_name=_("Answer"),
        series=[
            ChartSeries(
                str(group.label),
                [n if groups[step] == group else None for step, n in counts.items()],
                role=SERIES_ROLES[group.sentiment],
                links=links,
            )
            for group in survey.definition.groups
            if group in groups.values()
        ],
    )


def withheld_reasons(survey: Survey, period: Period) -> list[tuple[Any, int]]:
    """Why how many were not asked."""
    return [(WithheldReason(reason).label, n) for reason, n in selectors.withheld_counts(survey, period).items()]


def _drawn(kind: SurveyKind, value: Decimal | None) -> Decimal | None:
    return None if value is None else kind.scaled(value)


def _from_first_answer(months: dict[date, SurveyScore]) -> dict[date, SurveyScore]:
    """Leave out the months before anybody answered; keep them all where nobody did."""
    first = next((month for month, score in months.items() if score.n), None)
    return {month: score for month, score in months.items() if first is None or month >= first}


def _month_label(month: date) -> str:
    locale = babel_locale(get_language() or "en")
    return format_date(month, "MMM yy" if locale == "en" else "yy年M月", locale=locale)


def _month_within(month: date, period: Period) -> Period:
    return Period(month, min(periods.add_months(month, 1), period.end))
