"""Addresses of the desk; the customer page comes after the words that stand in its place."""

from django.urls import path

from customers.desk.views import bulk, lists, palette, record, saved, today

urlpatterns = [
    path("palette/", palette.palette, name="palette"),
    path("today/", today.today, name="today"),
    path("customers/", lists.customer_list, name="customer_list"),
    path("customers/filters/", lists.customer_filters, name="customer_filters"),
    path("customers/views/save/", saved.view_save, name="view_save"),
    path("customers/views/<str:public_id>/remove/", saved.view_remove, name="view_remove"),
    path("customers/bulk/tag/", bulk.bulk_tag, name="bulk_tag"),
    path("customers/bulk/owner/", bulk.bulk_owner, name="bulk_owner"),
    path("customers/bulk/<str:public_id>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("customers/export/", bulk.customer_export, name="customer_export"),
    path("customers/<str:public_id>/", record.customer, name="customer"),
    path("customers/<str:public_id>/timeline/", record.customer_timeline, name="customer_timeline"),
    path("customers/<str:public_id>/profile/", record.customer_profile, name="customer_profile"),
    path("customers/<str:public_id>/tasks/", record.customer_tasks, name="customer_tasks"),
]
