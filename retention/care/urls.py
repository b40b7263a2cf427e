"""The addresses of care."""

from django.urls import path

from retention.care import views

urlpatterns = [
    path("care/", views.program_list, name="program_list"),
    path("care/<str:public_id>/", views.program, name="program"),
    path("care/<str:public_id>/people/", views.program_customers, name="program_customers"),
    path("care/<str:public_id>/log/", views.program_log, name="program_log"),
    path("care/<str:public_id>/dry-run/", views.program_dry_run, name="program_dry_run"),
    path("care/<str:public_id>/settings/", views.program_settings, name="program_settings"),
    path("care/<str:public_id>/texts/", views.program_texts, name="program_texts"),
    path("care/<str:public_id>/start/", views.program_start, name="program_start"),
    path("care/<str:public_id>/pause/", views.program_move, {"move": "pause"}, name="program_pause"),
    path("care/<str:public_id>/resume/", views.program_move, {"move": "resume"}, name="program_resume"),
    path("care/<str:public_id>/stop/", views.program_move, {"move": "stop"}, name="program_stop"),
    path("care/<str:public_id>/recall/", views.program_recall, name="program_recall"),
    path("care/<str:public_id>/test/", views.program_test, name="program_test"),
]
