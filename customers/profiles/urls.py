"""Addresses of a customer's profile."""

from django.urls import path

from customers.profiles.views import details, profile

ONE = "customers/<str:public_id>/"
urlpatterns = [
    path("customers/new/", profile.customer_new, name="customer_new"),
    path(f"{ONE}edit/", profile.customer_edit, name="customer_edit"),
    path(f"{ONE}archive/", profile.customer_archive, name="customer_archive"),
    path(f"{ONE}restore/", profile.customer_restore, name="customer_restore"),
    path(f"{ONE}log/", details.customer_log, name="customer_log"),
    path(f"{ONE}tags/", details.customer_tags, name="customer_tags"),
    path(f"{ONE}tasks/new/", details.task_new, name="task_new"),
    path(f"{ONE}contacts/new/", details.contact_add, name="contact_add"),
    path(f"{ONE}contacts/<int:pk>/remove/", details.contact_remove, name="contact_remove"),
    path(f"{ONE}dates/new/", details.date_add, name="date_add"),
    path(f"{ONE}dates/<int:pk>/remove/", details.date_remove, name="date_remove"),
    path(f"{ONE}ids/new/", details.external_id_add, name="external_id_add"),
    path(f"{ONE}ids/<int:pk>/remove/", details.external_id_remove, name="external_id_remove"),
    path("tasks/<str:public_id>/finish/", details.task_finish, name="task_finish"),
]
