"""Surveys as the API gives them."""

from rest_framework import serializers

from feedback.surveys.models import Response, Survey
from feedback.surveys.survey_kinds import SURVEY_KIND_CHOICES


class SurveyOut(serializers.ModelSerializer[Survey]):
    id = serializers.CharField(source="public_id")

    class Meta:
        model = Survey
        fields = ("id", "key", "kind", "titles", "is_active")
        read_only_fields = fields


class ScoreMonthOut(serializers.Serializer[dict[str, object]]):
    month = serializers.DateField()
    value = serializers.DecimalField(max_digits=8, decimal_places=4, allow_null=True)
    n = serializers.IntegerField()


class SurveyResultsOut(serializers.Serializer[dict[str, object]]):
    """NPS in points (−100 … 100), CSAT as a rate (0 … 1); null where nobody answered. With a 95 % interval."""

    survey = serializers.CharField()
    kind = serializers.ChoiceField(choices=SURVEY_KIND_CHOICES)
    start = serializers.DateField()
    end = serializers.DateField()
    value = serializers.DecimalField(max_digits=8, decimal_places=4, allow_null=True)
    low = serializers.DecimalField(max_digits=8, decimal_places=4, allow_null=True)
    high = serializers.DecimalField(max_digits=8, decimal_places=4, allow_null=True)
    n = serializers.IntegerField()
    groups = serializers.DictField(child=serializers.IntegerField())
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    response_rate = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    months = ScoreMonthOut(many=True)


class SurveyResponseOut(serializers.ModelSerializer[Response]):
    id = serializers.CharField(source="public_id")
    customer = serializers.CharField(source="customer.public_id")
    language = serializers.CharField()

    class Meta:
        model = Response
        fields = ("id", "customer", "score", "scale", "group", "comment", "language", "channel", "at")
        read_only_fields = fields
