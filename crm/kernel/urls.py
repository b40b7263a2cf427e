"""Addresses of the basement: health, jobs, settings, people."""

from django.conf import settings
from django.urls import path

from crm.kernel import gallery, health
from crm.kernel.jobs import views as jobs
from crm.kernel.people import views as people

app_name = "kernel"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("statusz", health.statusz, name="statusz"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<str:public_id>/", jobs.job, name="job"),
    path("jobs/<str:public_id>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<str:public_id>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<str:public_id>/file/", jobs.job_file, name="job_file"),
    path("preferences/language/", people.language, name="language"),
    path("preferences/theme/", people.theme, name="theme"),
    path("profile/", people.profile, name="profile"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("components/", gallery.components, name="components"))
