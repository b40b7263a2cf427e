"""The REST routes of feedback."""

from django.urls import path

from feedback.surveys import api as surveys
from feedback.tickets import api as tickets

urlpatterns = [
    path("surveys/", surveys.Surveys.as_view(), name="api_surveys"),
    path("surveys/<str:survey>/results/", surveys.SurveyResults.as_view(), name="api_survey_results"),
    path("surveys/<str:survey>/responses/", surveys.SurveyResponses.as_view(), name="api_survey_responses"),
    path("tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path("tickets/<str:ticket>/", tickets.TicketDetail.as_view(), name="api_ticket"),
    path("tickets/<str:ticket>/messages/", tickets.TicketMessages.as_view(), name="api_ticket_messages"),
]
