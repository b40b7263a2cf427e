"""The REST routes of retention."""

from django.urls import path

from retention.metrics import api as metrics

urlpatterns = [
    path("metrics/", metrics.MetricsView.as_view(), name="api_metrics"),
]
