"""Addresses of the import wizard."""

from django.urls import path

from customers.importing import views

urlpatterns = [
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<str:public_id>/", views.import_detail, name="import"),
    path("imports/<str:public_id>/map/", views.import_map, name="import_map"),
    path("imports/<str:public_id>/start/", views.import_start, name="import_start"),
    path("imports/<str:public_id>/resume/", views.import_resume, name="import_resume"),
    path("imports/<str:public_id>/state/", views.import_state, name="import_state"),
    path("imports/<str:public_id>/rejected/", views.import_rejected, name="import_rejected"),
    path("imports/<str:public_id>/warnings/", views.import_warnings, name="import_warnings"),
]
