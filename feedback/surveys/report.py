"""What a survey's page shows: the score in figures and words, its course, its spread."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.time import clock, periods
from crm.kernel.time.periods import Period
from crm.kernel.ui.charts import Chart, ChartSeries
from crm.kernel.ui.languages import babel_locale
from customers.workspace import drilldown
from feedback.surveys import rules, selectors, timeline_lines
from feedback.surveys.choices import AnswerGroup, SurveyKind, WithheldReason
from feedback.surveys.models import Survey
from feedback.surveys.rules import CsatScore, NpsScore

FEW_ANSWERS = 30
REPORT_DAYS = (30, 90, 365)
NPS_GROUPS, CSAT_GROUPS = AnswerGroup.values[:3], AnswerGroup.values[3:]
TONES = dict(zip(AnswerGroup.values, ("", "mute", "bad") * 2, strict=True))
ROLES = {"": "main", "mute": "c7", "bad": "lost"}


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
    chosen = int(days) if days in {str(each) for each in REPORT_DAYS} else 365
    tomorrow = clock.today(company.get_company().time_zone) + timedelta(days=1)
    return chosen, Period(tomorrow - timedelta(days=chosen), tomorrow)


def score_figure(score: NpsScore | CsatScore) -> ScoreFigure:
    """NPS in signed points, CSAT in per cent; a dash where nobody answered."""
    if score.value is None or score.low is None or score.high is None:
        return ScoreFigure("–", "", 0, True, score.response_rate, score.invited)
    times, start = (1, -100) if isinstance(score, NpsScore) else (100, 0)
    whole = rules.round_score(score.value * times)
    low, high = (rules.round_score(each * times, "0.1") for each in (score.low, score.high))
    if isinstance(score, NpsScore):
        value, interval = f"{whole:+}", f"{low:+} … {high:+}"
    else:
        value, interval = f"{whole}%", f"{low} … {high}%"
    return ScoreFigure(
        value=value.replace("-", "−"),
        interval=interval.replace("-", "−"),
        n=score.n,
        is_few=score.n < FEW_ANSWERS,
        rate=score.response_rate,
        invited=score.invited,
        drawn=(float(score.low * times), float(score.value * times), float(score.high * times), start),
    )


def group_shares(survey: Survey, score: NpsScore | CsatScore, period: Period, user: Any) -> list[GroupShare]:
    """The groups that a score is made of, the happiest first."""
    return [
        GroupShare(
            key,
            AnswerGroup(key).label,
            n,
            rules.share_of(n, score.n),
            TONES[key],
            drilldown_url(survey, period, user, group=key),
        )
        for key, n in group_counts(score).items()
    ]


def group_counts(score: NpsScore | CsatScore) -> dict[str, int]:
    """How many answers each group has, the happiest first."""
    if isinstance(score, NpsScore):
        return dict(zip(NPS_GROUPS, (score.promoters, score.passives, score.detractors), strict=True))
    return dict(zip(CSAT_GROUPS, (score.positive, score.neutral, score.negative), strict=True))


def drilldown_url(survey: Survey, period: Period, user: Any, **more: Any) -> str:
    """The address of the customers behind a number, for who may list them all."""
    return drilldown.drilldown_url(user, "survey", survey=survey.public_id, start=period.start, end=period.end, **more)


def score_trend_chart(survey: Survey, period: Period, user: Any) -> Chart:
    """The score by month with its interval, and the answers under it; each point opens its people."""
    months = selectors.survey_score_by_month(survey, Period(periods.first_of_month(period.start), period.end))
    months = _from_first_answer(months)
    shown = [_shown(score) for score in months.values()]
    links = [drilldown_url(survey, _month(month, period), user) for month in months]
    n = [score.n for score in months.values()]
    is_nps = survey.kind == SurveyKind.NPS
    return Chart(
        key="trend",
        kind="line",
        says=_("The score of “%(survey)s” by month.") % {"survey": survey.title},
        x=[_short(month) for month in months],
        x_name=_("Month"),
        unit="" if is_nps else "%",
        low=-100 if is_nps else 0,
        high=100,
        size="tall",
        series=[ChartSeries("NPS" if is_nps else "CSAT", [each[0] for each in shown], n=n, links=links)],
        band=([each[1] for each in shown], [each[2] for each in shown]),
        below=ChartSeries(_("Answers"), n, role="c2", links=links),
    )


def score_spread_chart(survey: Survey, period: Period, user: Any) -> Chart:
    """How many gave which score, in the colour of the group that the score belongs to."""
    counted, scale = selectors.score_distribution(survey, period), selectors.survey_scale(survey)
    of = {step: rules.answer_group(scale, step) for step in counted}
    links = [drilldown_url(survey, period, user, score=step) for step in counted]
    return Chart(
        key="spread",
        kind="stacked",
        size="tall",
        unit="",
        says=_("How many gave which answer to “%(survey)s”.") % {"survey": survey.title},
        x=[str(step) if scale == "nps" else timeline_lines.score_text(scale, step) for step in counted],
        x_name=_("Answer"),
        series=[
            ChartSeries(
                str(AnswerGroup(group).label),
                [n if of[step] == group else None for step, n in counted.items()],
                role=ROLES[TONES[group]],
                links=links,
            )
            for group in (NPS_GROUPS if survey.kind == SurveyKind.NPS else CSAT_GROUPS)
            if group in of.values()
        ],
    )


def withheld_reasons(survey: Survey, period: Period) -> list[tuple[Any, int]]:
    """Why how many were not asked."""
    return [(WithheldReason(reason).label, n) for reason, n in selectors.withheld_counts(survey, period).items()]


def _shown(score: NpsScore | CsatScore) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    times = 1 if isinstance(score, NpsScore) else 100
    value, low, high = (
        None if each is None else rules.round_score(each * times, "0.1")
        for each in (score.value, score.low, score.high)
    )
    return value, low, high


def _from_first_answer(months: dict[date, Any]) -> dict[date, Any]:
    """Leave out the months before anybody answered; keep them all where nobody did."""
    first = next((month for month, score in months.items() if score.n), None)
    return {month: score for month, score in months.items() if first is None or month >= first}


def _short(month: date) -> str:
    locale = babel_locale(get_language() or "en")
    return format_date(month, "MMM yy" if locale == "en" else "yy年M月", locale=locale)


def _month(month: date, period: Period) -> Period:
    return Period(month, min(periods.add_months(month, 1), period.end))
