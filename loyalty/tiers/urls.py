"""The terms of the programme."""

from django.urls import path

from loyalty.tiers import views

urlpatterns = [
    path("loyalty/terms/", views.program, name="program"),
    path("loyalty/terms/rules/<slug:code>/", views.rule_edit, name="rule_edit"),
    path("loyalty/terms/tiers/<slug:code>/", views.tier_edit, name="tier_edit"),
]
