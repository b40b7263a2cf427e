"""What a survey's page shows: the score in figures and words, its course, its spread."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.kernel import clock, company, periods
from crm.kernel.charts import Chart, Series
from crm.kernel.periods import Period
from feedback.surveys import looks, selectors
from feedback.surveys.choices import Group, Kind, Reason
from feedback.surveys.models import Survey
from feedback.surveys.rules import Score, Share

FEW = 30
WINDOWS = (30, 90, 365)
NPS_GROUPS, CSAT_GROUPS = Group.values[:3], Group.values[3:]


@dataclass(frozen=True)
class Figure:
    """A score as it is read: `+30`, `14.7 … 45.3`, and whether there are too few answers to say."""

    value: str
    interval: str
    n: int
    is_few: bool
    rate: Decimal | None
    invited: int


def window(days: str | None) -> tuple[int, Period]:
    """The last 30, 90 or 365 local days up to today; the year without a choice."""
    chosen = int(days) if days in {str(each) for each in WINDOWS} else 365
    tomorrow = clock.today(company.get().time_zone) + timedelta(days=1)
    return chosen, Period(tomorrow - timedelta(days=chosen), tomorrow)


def figure(score: Score | Share) -> Figure:
    """NPS in signed points, CSAT in per cent; a dash where nobody answered."""
    if score.value is None or score.low is None or score.high is None:
        return Figure("–", "", 0, True, score.response_rate, score.invited)
    if isinstance(score, Score):
        value, interval = f"{score.value:+.0f}", f"{score.low:+.1f} … {score.high:+.1f}"
    else:
        value, interval = f"{score.value * 100:.0f}%", f"{score.low * 100:.1f} … {score.high * 100:.1f}%"
    return Figure(
        value.replace("-", "−"), interval.replace("-", "−"), score.n, score.n < FEW, score.response_rate, score.invited
    )


def groups(survey: Survey, score: Score | Share, period: Period) -> list[tuple[str, Any, int, str]]:
    """The groups that a score is made of: key, label, count, address of the customers behind."""
    if isinstance(score, Score):
        counts = dict(zip(NPS_GROUPS, (score.promoters, score.passives, score.detractors), strict=True))
    else:
        counts = dict(zip(CSAT_GROUPS, (score.positive, score.neutral, score.negative), strict=True))
    return [(key, Group(key).label, n, behind(survey, period, group=key)) for key, n in counts.items()]


def behind(survey: Survey, period: Period, **more: Any) -> str:
    """The address of the customers behind a number."""
    try:
        people = reverse("customers:customer_list")
    except NoReverseMatch:
        return ""
    words = {"behind": "survey", "survey": survey.public_id, "start": period.start, "end": period.end, **more}
    return f"{people}?{urlencode(words)}"


def trend(survey: Survey, period: Period) -> Chart:
    """The score by month with its interval, and the answers under it; each point opens its people."""
    months = selectors.by_month(survey, Period(periods.first_of_month(period.start), period.end))
    months = _from_first_answer(months)
    shown = [_shown(score) for score in months.values()]
    links = [behind(survey, _month(month, period)) for month in months]
    n = [score.n for score in months.values()]
    is_nps = survey.kind == Kind.NPS
    return Chart(
        key="trend",
        kind="line",
        says=_("The score of “%(survey)s” by month.") % {"survey": survey.title},
        x=[date_format(month, "YEAR_MONTH_FORMAT") for month in months],
        x_name=_("Month"),
        unit="" if is_nps else "%",
        low=-100 if is_nps else 0,
        high=100,
        size="tall",
        series=[Series("NPS" if is_nps else "CSAT", [each[0] for each in shown], n=n, links=links)],
        band=([each[1] for each in shown], [each[2] for each in shown]),
        below=Series(_("Answers"), n, role="c2", links=links),
    )


def spread(survey: Survey, period: Period) -> Chart:
    """How many gave which score."""
    counted = selectors.distribution(survey, period)
    scale = selectors.scale_of(survey)
    return Chart(
        key="spread",
        kind="bars",
        size="tall",
        unit="",
        says=_("How many gave which answer to “%(survey)s”.") % {"survey": survey.title},
        x=[str(step) if scale == "nps" else looks.scored(scale, step) for step in counted],
        x_name=_("Answer"),
        series=[
            Series(
                _("Customers") if survey.kind == Kind.NPS else _("Answers"),
                list(counted.values()),
                n=list(counted.values()),
                links=[behind(survey, period, score=step) for step in counted],
            )
        ],
    )


def withheld(survey: Survey, period: Period) -> list[tuple[Any, int]]:
    """Why how many were not asked."""
    return [(Reason(reason).label, n) for reason, n in selectors.withheld_counts(survey, period).items()]


def _shown(score: Score | Share) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if score.value is None or isinstance(score, Score):
        return score.value, score.low, score.high
    return tuple(
        (each * 100).quantize(Decimal("0.1")) for each in (score.value, score.low, score.high) if each is not None
    )  # type: ignore[return-value]


def _from_first_answer(months: dict[date, Any]) -> dict[date, Any]:
    """Leave out the months before anybody answered; keep them all where nobody did."""
    first = next((month for month, score in months.items() if score.n), None)
    return {month: score for month, score in months.items() if first is None or month >= first}


def _month(month: date, period: Period) -> Period:
    return Period(month, min(periods.add_months(month, 1), period.end))
