"""The REST routes of feedback."""

from django.urls import path

from feedback.surveys import api as surveys
from feedback.tickets import api as tickets

urlpatterns = [
    path("surveys/", surveys.SurveyListView.as_view(), name="api_surveys"),
    path("surveys/<str:survey>/results/", surveys.SurveyResultsView.as_view(), name="api_survey_results"),
    path("surveys/<str:survey>/responses/", surveys.SurveyResponsesView.as_view(), name="api_survey_responses"),
    path("tickets/", tickets.TicketListView.as_view(), name="api_tickets"),
    path("tickets/<str:ticket>/", tickets.TicketDetailView.as_view(), name="api_ticket"),
    path("tickets/<str:ticket>/messages/", tickets.TicketMessagesView.as_view(), name="api_ticket_messages"),
]
