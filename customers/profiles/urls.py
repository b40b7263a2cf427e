"""Addresses of a customer's profile."""

from django.urls import path

from customers.profiles.views import details, profile

CUSTOMER_PREFIX = "customers/<str:public_id>/"
urlpatterns = [
    path("customers/new/", profile.customer_new, name="customer_new"),
    path(f"{CUSTOMER_PREFIX}edit/", profile.customer_edit, name="customer_edit"),
    path(f"{CUSTOMER_PREFIX}archive/", profile.customer_archive, name="customer_archive"),
    path(f"{CUSTOMER_PREFIX}restore/", profile.customer_restore, name="customer_restore"),
    path(f"{CUSTOMER_PREFIX}log/", details.customer_log, name="customer_log"),
    path(f"{CUSTOMER_PREFIX}tags/", details.customer_tags, name="customer_tags"),
    path(f"{CUSTOMER_PREFIX}tasks/new/", details.task_new, name="task_new"),
    path(f"{CUSTOMER_PREFIX}contacts/new/", details.contact_add, name="contact_add"),
    path(f"{CUSTOMER_PREFIX}contacts/<int:pk>/remove/", details.contact_remove, name="contact_remove"),
    path(f"{CUSTOMER_PREFIX}dates/new/", details.date_add, name="date_add"),
    path(f"{CUSTOMER_PREFIX}dates/<int:pk>/remove/", details.date_remove, name="date_remove"),
    path(f"{CUSTOMER_PREFIX}ids/new/", details.external_id_add, name="external_id_add"),
    path(f"{CUSTOMER_PREFIX}ids/<int:pk>/remove/", details.external_id_remove, name="external_id_remove"),
    path("tasks/<str:public_id>/finish/", details.task_finish, name="task_finish"),
]
