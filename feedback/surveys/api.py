"""Results of surveys for other programs."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.views import APIView

from crm.kernel.api import query_parameters
from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from feedback.surveys import selectors
from feedback.surveys.models import Response, Survey
from feedback.surveys.rules import SurveyScore
from feedback.surveys.serializers import SurveyOut, SurveyResponseOut, SurveyResultsOut

PERIOD_PARAMETERS = [
    OpenApiParameter("start", str, required=True, description="First local day, as 2026-01-01."),
    OpenApiParameter("end", str, required=True, description="The local day after the last one."),
]
PLACES = Decimal("0.0001")


class SurveyListView(generics.ListAPIView[Survey]):
    """All surveys, newest first."""

    scope = "surveys"
    serializer_class = SurveyOut

    def get_queryset(self) -> QuerySet[Survey]:
        return selectors.all_surveys()

    @extend_schema(operation_id="survey_list", tags=["surveys"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Answer:
        return super().get(request, *args, **kwargs)


class SurveyResultsView(APIView):
    """The score of a survey in a window, and by month."""

    scope = "surveys"

    @extend_schema(
        operation_id="survey_results", tags=["surveys"], parameters=PERIOD_PARAMETERS, responses=SurveyResultsOut
    )
    def get(self, request: Request, survey: str) -> Answer:
        """The very numbers of the survey's page."""
        row, period = _get_survey(survey), _period(request)
        score = selectors.survey_score(row, period)
        by_month = selectors.survey_score_by_month(row, period)
        months = [
            {"month": month, "value": _rounded(monthly.value), "n": monthly.n} for month, monthly in by_month.items()
        ]
        body = {"survey": row.public_id, "kind": row.kind, "start": period.start, "end": period.end, "months": months}
        return Answer(SurveyResultsOut(body | _figures(row, score)).data)


class SurveyResponsesView(generics.ListAPIView[Response]):
    """The answers of a survey, newest first."""

    scope = "surveys"
    serializer_class = SurveyResponseOut

    def get_queryset(self) -> QuerySet[Response]:
        if getattr(self, "swagger_fake_view", False):
            return selectors.survey_responses(None)
        return selectors.survey_responses(_get_survey(self.kwargs["survey"]))

    @extend_schema(operation_id="survey_responses", tags=["surveys"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Answer:
        return super().get(request, *args, **kwargs)


def _get_survey(public_id: str) -> Survey:
    survey = selectors.find_survey(public_id)
    if survey is None:
        raise NotFound
    return survey


def _period(request: Request) -> Period:
    query_parameters.refuse_unknown_parameters(request, PERIOD_PARAMETERS)
    try:
        start, end = (periods.parse_day(request.query_params.get(name, ""), name) for name in ("start", "end"))
        return Period(start, end)
    except BadPeriod as refusal:
        name, _colon, reason = str(refusal).partition(": ")
        raise ValidationError({name: [reason]}) from refusal


def _figures(survey: Survey, score: SurveyScore) -> dict[str, Any]:
    return {
        "value": _rounded(score.value),
        "low": _rounded(score.low),
        "high": _rounded(score.high),
        "n": score.n,
        "groups": survey.definition.group_counts(score),
        "invited": score.invited,
        "answered": score.answered,
        "response_rate": _rounded(score.response_rate),
    }


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACES)
