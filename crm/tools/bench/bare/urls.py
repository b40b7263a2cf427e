"""Addresses of the bare project."""

from django.http import HttpResponse
from django.urls import path

from crm.tools.bench.bare import views

urlpatterns = [
    path("healthz", lambda request: HttpResponse("ok")),
    path("customers/", views.customer_list),
    path("customers/search/", views.customer_search),
    path("tickets/", views.ticket_list),
    path("tickets/new/", views.ticket_new),
    path("tickets/<str:public_id>/", views.ticket),
]
