"""Addresses of tickets."""

from django.urls import path

from feedback.tickets import portal

urlpatterns = [
    path("help/", portal.help, name="help"),
    path("help/tickets/<str:signed>/", portal.request, name="request"),
]
