"""Addresses of follow-ups."""

from django.urls import path

from feedback.loops import views

urlpatterns = [
    path("follow-ups/", views.follow_up_list, name="follow_up_list"),
    path("follow-ups/<str:public_id>/move/", views.follow_up_move, name="follow_up_move"),
]
