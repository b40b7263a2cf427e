"""Addresses of the reports."""

from django.urls import path

from retention.reports import views

urlpatterns = [
    path("retention/", views.dashboard_page, name="dashboard"),
    path("retention/dashboard.csv", views.dashboard_csv, name="dashboard_csv"),
    path("retention/at-risk/", views.at_risk_list, name="at_risk_list"),
]
