"""Addresses of surveys."""

from django.urls import path

from feedback.surveys import portal
from feedback.surveys.views import invitations, results

urlpatterns = [
    path("s/<str:token>/", portal.survey_answer, name="survey_answer"),
    path("surveys/", results.survey_list, name="survey_list"),
    path("surveys/new/", results.survey_new, name="survey_new"),
    path("surveys/<str:public_id>/", results.survey, name="survey"),
    path("surveys/<str:public_id>/texts/", results.survey_texts, name="survey_texts"),
    path("surveys/<str:public_id>/use/", results.survey_use, name="survey_use"),
    path("surveys/<str:public_id>/preview/", results.survey_preview, name="survey_preview"),
    path("surveys/<str:public_id>/export/", results.survey_export, name="survey_export"),
    path("surveys/<str:public_id>/send/", invitations.survey_send, name="survey_send"),
    path("surveys/<str:public_id>/phone/", invitations.survey_phone, name="survey_phone"),
]
