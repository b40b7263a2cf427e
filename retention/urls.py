"""The pages of retention, area by area."""

from django.urls import include, path

app_name = "retention"
urlpatterns = [
    path("", include("retention.reports.urls")),
    path("", include("retention.care.urls")),
]
