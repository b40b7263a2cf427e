"""Addresses of a customer's profile."""

from django.urls import path

from customers.profiles.views import editing, keeping

ONE = "customers/<str:public_id>/"
urlpatterns = [
    path("customers/new/", editing.customer_new, name="customer_new"),
    path(f"{ONE}edit/", editing.customer_edit, name="customer_edit"),
    path(f"{ONE}archive/", editing.customer_archive, name="customer_archive"),
    path(f"{ONE}restore/", editing.customer_restore, name="customer_restore"),
    path(f"{ONE}log/", keeping.customer_log, name="customer_log"),
    path(f"{ONE}tags/", keeping.customer_tags, name="customer_tags"),
    path(f"{ONE}tasks/new/", keeping.task_new, name="task_new"),
    path(f"{ONE}contacts/new/", keeping.contact_add, name="contact_add"),
    path(f"{ONE}contacts/<int:pk>/remove/", keeping.contact_remove, name="contact_remove"),
    path(f"{ONE}dates/new/", keeping.date_add, name="date_add"),
    path(f"{ONE}dates/<int:pk>/remove/", keeping.date_remove, name="date_remove"),
    path(f"{ONE}ids/new/", keeping.external_id_add, name="external_id_add"),
    path(f"{ONE}ids/<int:pk>/remove/", keeping.external_id_remove, name="external_id_remove"),
    path("tasks/<str:public_id>/finish/", keeping.task_finish, name="task_finish"),
]
