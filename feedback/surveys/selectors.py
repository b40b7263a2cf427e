"""Scores of a period and by month, the customers behind them, and what the pages of surveys need."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth

from crm.kernel import company
from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User
from crm.kernel.time import periods
from crm.kernel.time.periods import Period
from customers.profiles.models import Customer
from feedback.surveys import queries, question_kinds
from feedback.surveys.models import Invitation, Response, Survey, Withheld
from feedback.surveys.question_kinds import ScoredQuestionKind
from feedback.surveys.rules import SurveyScore
from feedback.surveys.survey_kinds import get_survey_kind, registered_survey_kinds
from feedback.surveys.survey_kinds.csat import CsatSurvey
from feedback.surveys.survey_kinds.nps import NpsSurvey

CustomerIds = Any  # a queryset or list of customer ids; None means everybody


def nps_of_period(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> SurveyScore:
    """NPS of the local days of a period: each respondent counts once, with the latest answer in it. Two queries."""
    return _period_score(NpsSurvey.key, period, customers, survey)


def csat_of_period(period: Period, customers: CustomerIds = None, survey: Survey | None = None) -> SurveyScore:
    """CSAT of a period: the share of positive answers, every answer counts. Two queries."""
    return _period_score(CsatSurvey.key, period, customers, survey)


def survey_score(survey: Survey, period: Period) -> SurveyScore:
    """The score of one survey by its kind. Two queries."""
    return _period_score(survey.kind, period, None, survey)


def nps_by_month(
    period: Period, customers: CustomerIds = None, survey: Survey | None = None
) -> dict[date, SurveyScore]:
    """NPS of every month of a period, in order; in each month the latest answer of each respondent. One query."""
    return _score_by_month(NpsSurvey.key, period, customers, survey)


def survey_score_by_month(survey: Survey, period: Period) -> dict[date, SurveyScore]:
    """The score of one survey in every month of a period, in order. One query."""
    return _score_by_month(survey.kind, period, None, survey)


def respondent_ids(
    kind: str,
    period: Period,
    group: str | None = None,
    *,
    customers: CustomerIds = None,
    survey: Survey | None = None,
    score: int | None = None,
) -> QuerySet[Any, Any]:
    """Ids of the customers behind a score, one of its groups or one step: as many as NPS counts; CSAT counts answers."""
    counted = _counted_responses(kind, period, customers, survey)
    responses = Response.objects.filter(pk__in=counted.values("pk"))
    responses = responses.filter(group=group) if group else responses
    responses = responses.filter(score=score) if score is not None else responses
    return responses.order_by("customer_id").values_list("customer_id", flat=True).distinct()


def score_distribution(survey: Survey, period: Period) -> dict[int, int]:
    """How many respondents gave which score, every step of the scale named. One query."""
    rows = Response.objects.filter(pk__in=_counted_responses(survey.kind, period, None, survey).values("pk"))
    counts = dict(rows.values_list("score").annotate(n=Count("pk")).order_by())
    return {step: counts.get(step, 0) for step in survey_scale(survey).scale}


def survey_scale(survey: Survey) -> ScoredQuestionKind:
    """The kind of the survey's scored question; no query where the questions are loaded."""
    scored = next(question for question in survey.questions.all() if question.is_scored)
    return question_kinds.get_scale(scored.kind)


def visible_responses(survey: Survey, period: Period, user: User, group: str = "") -> QuerySet[Response]:
    """Responses of the customers whom a user may see: of one group, all (`*`), or those with words."""
    rows = _responses(survey.kind, period, None, survey).select_related("customer", "staff")
    if user.scope != RecordScope.ALL:
        rows = rows.filter(customer__in=Customer.objects.visible_to(user))
    if group == "*":
        return rows
    return rows.filter(group=group) if group else rows.exclude(comment="")


def all_surveys() -> QuerySet[Survey]:
    """Every survey, in use or not."""
    return Survey.objects.all()


def survey_responses(survey: Survey | None) -> QuerySet[Response]:
    """Every response to a survey, with its customer; none without a survey."""
    return Response.objects.filter(survey=survey).select_related("customer")


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


def scores_by_survey(period: Period) -> dict[int, SurveyScore]:
    """The score of every survey by its id, without invitations. One query."""
    latest = Window(
        RowNumber(), partition_by=[F("survey_id"), F("customer_id")], order_by=[F("at").desc(), F("id").desc()]
    )
    start, end = _instants(period)
    rows = Response.objects.filter(at__gte=start, at__lt=end).annotate(place=latest)
    latest_only = [kind.key for kind in registered_survey_kinds() if kind.counts_latest_only]
    counted = Response.objects.filter(pk__in=rows.filter(Q(place=1) | ~Q(kind__in=latest_only)).values("pk"))
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for survey_id, kind, group, n in (
        counted.values_list("survey_id", "kind", "group").annotate(n=Count("pk")).order_by()
    ):
        counts[survey_id, kind][group] = n
    return {survey_id: get_survey_kind(kind).score(by_group) for (survey_id, kind), by_group in counts.items()}


def latest_responses(customer: Any) -> list[Response]:
    """The customer's answers, newest first, enough to find the last of each kind; one query."""
    return list(Response.objects.filter(customer=customer).select_related("survey").order_by("-at", "-id")[:20])


def find_survey(public_id: str) -> Survey | None:
    """One survey with its questions."""
    return Survey.objects.prefetch_related("questions").filter(public_id=public_id).first()


def find_invitation(digest: bytes) -> Invitation | None:
    """The invitation of a link, with its survey and the questions. Two queries."""
    return queries.load_invitation(digest)


def group_of_invitation(invitation: Invitation) -> str:
    """The group of the answer that was given to an invitation; empty while there is none."""
    return Response.objects.filter(invitation=invitation).values_list("group", flat=True).first() or ""


def _period_score(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> SurveyScore:
    counts = _counts_by_group(_counted_responses(kind, period, customers, survey))
    invited, answered = _invitation_counts(kind, period, customers, survey)
    return get_survey_kind(kind).score(counts, invited=invited, answered=answered)


def _score_by_month(
    kind: str, period: Period, customers: CustomerIds, survey: Survey | None
) -> dict[date, SurveyScore]:
    rows = _with_month(_responses(kind, period, customers, survey))
    definition = get_survey_kind(kind)
    if definition.counts_latest_only:
        newest = Window(
            RowNumber(), partition_by=[F("customer_id"), F("month")], order_by=[F("at").desc(), F("id").desc()]
        )
        latest = rows.annotate(place=newest).filter(place=1)
        rows = _with_month(Response.objects.filter(pk__in=latest.values("pk")))
    return {month: definition.score(counts) for month, counts in _counts_by_month(rows, period).items()}


def _counted_responses(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> QuerySet[Response]:
    """The responses that a score counts: the latest of each respondent, or every one, as the kind says."""
    rows = _responses(kind, period, customers, survey)
    if not get_survey_kind(kind).counts_latest_only:
        return rows
    return rows.order_by("customer_id", "-at", "-id").distinct("customer_id")


def _instants(period: Period) -> tuple[Any, Any]:
    return period.instants(company.get_company().time_zone)


def _responses(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> QuerySet[Response]:
    start, end = _instants(period)
    rows = Response.objects.filter(kind=kind, at__gte=start, at__lt=end)
    if survey is not None:
        rows = rows.filter(survey=survey)
    return rows if customers is None else rows.filter(customer_id__in=customers)


def _counts_by_group(rows: QuerySet[Response]) -> dict[str, int]:
    counted = Response.objects.filter(pk__in=rows.values("pk"))
    return dict(counted.values_list("group").annotate(n=Count("pk")).order_by())


def _invitation_counts(kind: str, period: Period, customers: CustomerIds, survey: Survey | None) -> tuple[int, int]:
    """Invitations sent in the period, and how many of those were answered at any time."""
    start, end = _instants(period)
    sent = Invitation.objects.sent_to_customers().filter(survey__kind=kind, sent_at__gte=start, sent_at__lt=end)
    if survey is not None:
        sent = sent.filter(survey=survey)
    if customers is not None:
        sent = sent.filter(customer_id__in=customers)
    counts = sent.aggregate(invited=Count("pk"), answered=Count("pk", filter=Q(used_at__isnull=False)))
    return counts["invited"], counts["answered"]


def _with_month(rows: QuerySet[Response]) -> QuerySet[Any]:
    return rows.annotate(month=TruncMonth("at", tzinfo=ZoneInfo(company.get_company().time_zone)))


def _counts_by_month(rows: QuerySet[Any], period: Period) -> dict[date, dict[str, int]]:
    """Answers by group for every month of the period, those without answers too."""
    counts: dict[date, dict[str, int]] = {}
    month = periods.first_of_month(period.start)
    while month < period.end:
        counts[month] = {}
        month = periods.add_months(month, 1)
    for at, group, n in rows.values_list("month", "group").annotate(n=Count("pk")).order_by():
        counts.setdefault(at.date(), {})[group] = n
    return counts
