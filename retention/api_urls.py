"""The REST routes of retention."""

from django.urls import path

from retention.metrics import api as metrics

urlpatterns = [
    path("metrics/", metrics.Metrics.as_view(), name="api_metrics"),
]
