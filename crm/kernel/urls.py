"""Addresses of the basement: health, jobs, settings, auth_views."""

from django.conf import settings
from django.urls import path

from crm.kernel.api import views as keys
from crm.kernel.audit import views as audit
from crm.kernel.auth import staff
from crm.kernel.auth import views as auth_views
from crm.kernel.background.jobs import views as jobs
from crm.kernel.company import views as company
from crm.kernel.ops import health
from crm.kernel.ui import component_gallery, notification_bell

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
    path("preferences/language/", auth_views.language, name="language"),
    path("preferences/theme/", auth_views.theme, name="theme"),
    path("notifications/", notification_bell.notifications, name="notifications"),
    path("notifications/unread/", notification_bell.unread, name="unread"),
    path("settings/", company.settings, name="settings"),
    path("settings/people/", staff.user_list, name="user_list"),
    path("settings/people/new/", staff.user_new, name="user_new"),
    path("settings/people/<str:public_id>/", staff.user, name="user"),
    path("settings/people/<str:public_id>/link/", staff.user_link, name="user_link"),
    path("settings/teams/new/", staff.team_new, name="team_new"),
    path("settings/keys/", keys.key_list, name="key_list"),
    path("settings/keys/new/", keys.key_new, name="key_new"),
    path("settings/keys/<str:public_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("settings/audit/", audit.audit_list, name="audit_list"),
    path("settings/<slug:name>/", company.settings_group, name="settings_group"),
    path("profile/", auth_views.profile, name="profile"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("components/", component_gallery.components, name="components"))
