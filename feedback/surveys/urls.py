"""Addresses of surveys."""

from django.urls import path

from feedback.surveys import portal

urlpatterns = [
    path("s/<str:token>/", portal.survey_answer, name="survey_answer"),
]
