"""The REST interface, version 1: each app brings its own routes."""

from django.urls import include, path

urlpatterns = [
    path("", include("customers.api_urls")),
    path("", include("loyalty.api_urls")),
    path("", include("feedback.api_urls")),
    path("", include("retention.api_urls")),
]
