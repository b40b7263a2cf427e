"""The figures of a window for other programs: the very numbers of the dashboard."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.kernel.api import query_parameters
from crm.kernel.time.periods import BadPeriod, Period, parse_day
from retention.metrics import selectors, windows

METRICS_PARAMETERS = [
    OpenApiParameter("start", str, required=True, description="First local day, as 2026-01-01."),
    OpenApiParameter("end", str, required=True, description="First local day after the window."),
    OpenApiParameter("active_days", int, description="By default the company's setting."),
]


class MetricsOut(serializers.Serializer[Any]):
    """Counts as numbers; rates and money as decimal strings, null where undefined."""

    start = serializers.DateField()
    end = serializers.DateField()
    active_days = serializers.IntegerField()
    S = serializers.IntegerField(help_text="Active at the start.")
    E = serializers.IntegerField(help_text="Active at the end.")
    retained = serializers.IntegerField()
    lost = serializers.IntegerField()
    new = serializers.IntegerField()
    won_back = serializers.IntegerField()
    retention = serializers.CharField(allow_null=True)
    churn = serializers.CharField(allow_null=True)
    buyers = serializers.IntegerField()
    repeat_purchase_rate = serializers.CharField(allow_null=True)
    purchase_frequency = serializers.CharField(allow_null=True)
    net_revenue = serializers.CharField()


class MetricsView(APIView):
    """Retention, churn, repeat purchase and revenue of a window."""

    scope = "metrics"

    @extend_schema(operation_id="metrics_get", tags=["metrics"], responses=MetricsOut, parameters=METRICS_PARAMETERS)
    def get(self, request: Request) -> Response:
        query_parameters.refuse_unknown_parameters(request, METRICS_PARAMETERS)
        parameters = request.query_params
        try:
            period = Period(
                parse_day(parameters.get("start", ""), "start"), parse_day(parameters.get("end", ""), "end")
            )
            days = int(parameters["active_days"]) if parameters.get("active_days") else None
            if days is not None and not 0 < days <= 36500:
                raise BadPeriod("active_days: must be between 1 and 36500")
        except BadPeriod as refusal:
            name, _colon, reason = str(refusal).partition(": ")
            raise ValidationError({name: [reason]}) from refusal
        except ValueError as error:
            raise ValidationError({"active_days": ["must be a whole number"]}) from error
        return Response(selectors.metrics_report(windows.metric_window(period, days)))
