"""Scores, their course by month, the people behind them, and what the pages of surveys need."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth

from crm.kernel import company
from crm.kernel.auth.choices import RecordScope
from crm.kernel.db import sql_rows
from crm.kernel.time import periods
from crm.kernel.time.periods import Period
from customers.profiles.models import Customer
from feedback.surveys import rules
from feedback.surveys.choices import SurveyKind
from feedback.surveys.models import Invitation, Question, Response, Survey, Withheld
from feedback.surveys.rules import CsatScore, NpsScore

CustomerIds = Any  # a queryset or list of customer ids; None means everybody


def nps_of_period(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> NpsScore:
    """NPS of the local days of a period: each respondent counts once, with the latest answer in it. Two queries."""
    counts = _by_group(_latest(SurveyKind.NPS, period, customers, survey))
    invited, answered = _asked(SurveyKind.NPS, period, customers, survey)
    return rules.nps_score(
        counts.get("promoter", 0),
        counts.get("passive", 0),
        counts.get("detractor", 0),
        invited=invited,
        answered=answered,
    )


def csat_of_period(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> CsatScore:
    """CSAT of a period: the share of positive answers, every answer counts. Two queries."""
    counts = _by_group(_answers(SurveyKind.CSAT, period, customers, survey))
    invited, answered = _asked(SurveyKind.CSAT, period, customers, survey)
    return rules.csat_score(
        counts.get("positive", 0),
        counts.get("neutral", 0),
        counts.get("negative", 0),
        invited=invited,
        answered=answered,
    )


def survey_score(survey: Survey, period: Period) -> NpsScore | CsatScore:
    """The score of one survey by its kind."""
    return (
        nps_of_period(period, survey=survey) if survey.kind == SurveyKind.NPS else csat_of_period(period, survey=survey)
    )


def nps_by_month(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> dict[date, NpsScore]:
    """NPS of every month of a period, in order; in each month the latest answer of each respondent. One query."""
    newest = Window(RowNumber(), partition_by=[F("customer_id"), F("month")], order_by=[F("at").desc(), F("id").desc()])
    latest = _months(_answers(SurveyKind.NPS, period, customers, survey)).annotate(place=newest).filter(place=1)
    rows = _months(Response.objects.filter(pk__in=latest.values("pk")))
    return {
        month: rules.nps_score(c.get("promoter", 0), c.get("passive", 0), c.get("detractor", 0))
        for month, c in _per_month(rows, period)
    }


def csat_by_month(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> dict[date, CsatScore]:
    """CSAT of every month of a period, in order. One query."""
    rows = _months(_answers(SurveyKind.CSAT, period, customers, survey))
    return {
        month: rules.csat_score(c.get("positive", 0), c.get("neutral", 0), c.get("negative", 0))
        for month, c in _per_month(rows, period)
    }


def survey_score_by_month(survey: Survey, period: Period) -> dict[date, NpsScore] | dict[date, CsatScore]:
    """The course of one survey by its kind."""
    return (
        nps_by_month(period, survey=survey) if survey.kind == SurveyKind.NPS else csat_by_month(period, survey=survey)
    )


def respondent_ids(
    kind: str,
    period: Period,
    group: str | None = None,
    customers: CustomerIds = None,
    survey: Survey | None = None,
    score: int | None = None,
) -> QuerySet[Any, Any]:
    """Ids of the customers behind a score, one of its groups or one step: as many as NPS counts; CSAT counts answers."""
    rows = _counted(kind, period, customers, survey)
    chosen = Response.objects.filter(pk__in=rows.values("pk"))
    chosen = chosen.filter(group=group) if group else chosen
    chosen = chosen.filter(score=score) if score is not None else chosen
    return chosen.order_by("customer_id").values_list("customer_id", flat=True).distinct()


def score_distribution(survey: Survey, period: Period) -> dict[int, int]:
    """How many respondents gave which score, every step of the scale named. One query."""
    rows = Response.objects.filter(pk__in=_counted(survey.kind, period, None, survey).values("pk"))
    counted = dict(rows.values_list("score").annotate(n=Count("pk")).order_by())
    return {step: counted.get(step, 0) for step in rules.SCALES[survey_scale(survey)]}


def survey_scale(survey: Survey) -> str:
    """The scale of the survey's scored question."""
    return next(question.kind for question in survey.questions.all() if question.is_scored)


def visible_responses(survey: Survey, period: Period, user: Any, group: str = "") -> QuerySet[Response]:
    """Responses of people whom the person may see; of one group, of all (`*`), or those that say something."""
    rows = _answers(survey.kind, period, None, survey).select_related("customer", "staff")
    if user.scope != RecordScope.ALL:
        rows = rows.filter(customer__in=Customer.objects.visible_to(user))
    if group == "*":
        return rows
    return rows.filter(group=group) if group else rows.exclude(comment="")


def surveys_with_counts() -> QuerySet[Survey]:
    """Surveys with the number of answers and the last one."""
    return Survey.objects.annotate(answers=Count("responses"), last_at=Max("responses__at")).order_by(
        "-is_active", "kind", "id"
    )


def withheld_counts(survey: Survey, period: Period) -> dict[str, int]:
    """Who was not asked in a period, counted by reason."""
    start, end = _instants(period)
    rows = Withheld.objects.filter(survey=survey, at__gte=start, at__lt=end)
    return dict(rows.values_list("reason").annotate(n=Count("pk")).order_by("-n"))


def scores_by_survey(period: Period) -> dict[int, NpsScore | CsatScore]:
    """The score of every survey by its id, without invitations. One query."""
    latest = Window(
        RowNumber(), partition_by=[F("survey_id"), F("customer_id")], order_by=[F("at").desc(), F("id").desc()]
    )
    start, end = _instants(period)
    rows = Response.objects.filter(at__gte=start, at__lt=end).annotate(place=latest)
    counted = Response.objects.filter(pk__in=rows.filter(Q(place=1) | ~Q(kind=SurveyKind.NPS)).values("pk"))
    found: dict[int, tuple[str, dict[str, int]]] = {}
    for survey_id, kind, group, n in (
        counted.values_list("survey_id", "kind", "group").annotate(n=Count("pk")).order_by()
    ):
        found.setdefault(survey_id, (kind, {}))[1][group] = n
    return {pk: _score(kind, counts) for pk, (kind, counts) in found.items()}


def latest_responses(customer: Any) -> list[Response]:
    """The customer's answers, newest first, enough to find the last of each kind; one query."""
    return list(Response.objects.filter(customer=customer).select_related("survey").order_by("-at", "-id")[:20])


def find_survey(public_id: str) -> Survey | None:
    """One survey with its questions."""
    return Survey.objects.prefetch_related("questions").filter(public_id=public_id).first()


def find_invitation(digest: bytes) -> Invitation | None:
    """The invitation of a link, with its survey and the questions. Two queries."""
    for found in sql_rows.load_instances(Invitation, "WHERE t.token_digest = %s", [digest], related="survey"):
        found.survey.asked = sql_rows.load_instances(
            Question, "WHERE survey_id = %s ORDER BY position", [found.survey_id]
        )
        return found
    return None


def group_of_invitation(invitation: Invitation) -> str:
    """The group of the answer that was given to an invitation; empty while there is none."""
    return Response.objects.filter(invitation=invitation).values_list("group", flat=True).first() or ""


def _counted(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> QuerySet[Response]:
    """The answers that a score counts: the latest of each respondent for NPS, every one else."""
    latest = kind == SurveyKind.NPS
    return _latest(kind, period, customers, survey) if latest else _answers(kind, period, customers, survey)


def _score(kind: str, c: dict[str, int]) -> NpsScore | CsatScore:
    if kind == SurveyKind.NPS:
        return rules.nps_score(c.get("promoter", 0), c.get("passive", 0), c.get("detractor", 0))
    return rules.csat_score(c.get("positive", 0), c.get("neutral", 0), c.get("negative", 0))


def _instants(period: Period) -> tuple[Any, Any]:
    return period.instants(company.get_company().time_zone)


def _answers(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> QuerySet[Response]:
    start, end = _instants(period)
    rows = Response.objects.filter(kind=kind, at__gte=start, at__lt=end)
    if survey is not None:
        rows = rows.filter(survey=survey)
    return rows if customers is None else rows.filter(customer_id__in=customers)


def _latest(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> QuerySet[Response]:
    return _answers(kind, period, customers, survey).order_by("customer_id", "-at", "-id").distinct("customer_id")


def _by_group(rows: QuerySet[Response]) -> dict[str, int]:
    chosen = Response.objects.filter(pk__in=rows.values("pk"))
    return dict(chosen.values_list("group").annotate(n=Count("pk")).order_by())


def _asked(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> tuple[int, int]:
    """Invitations sent in the period, and how many of those were answered at any time."""
    start, end = _instants(period)
    sent = Invitation.objects.asked().filter(survey__kind=kind, sent_at__gte=start, sent_at__lt=end)
    if survey is not None:
        sent = sent.filter(survey=survey)
    if customers is not None:
        sent = sent.filter(customer_id__in=customers)
    found = sent.aggregate(invited=Count("pk"), answered=Count("pk", filter=Q(used_at__isnull=False)))
    return found["invited"], found["answered"]


def _months(rows: QuerySet[Response]) -> QuerySet[Any]:
    return rows.annotate(month=TruncMonth("at", tzinfo=ZoneInfo(company.get_company().time_zone)))


def _per_month(rows: QuerySet[Any], period: Period) -> list[tuple[date, dict[str, int]]]:
    found: dict[date, dict[str, int]] = {}
    month, last = periods.first_of_month(period.start), period.end
    while month < last:
        found[month] = {}
        month = periods.add_months(month, 1)
    for at, group, n in rows.values_list("month", "group").annotate(n=Count("pk")).order_by():
        found.setdefault(at.date(), {})[group] = n
    return list(found.items())
