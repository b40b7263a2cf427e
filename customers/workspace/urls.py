"""URLs of the workspace; fixed paths come before the customer page, whose path would match them."""

from django.urls import path

from customers.workspace.views import bulk_actions, customer_page, lists, palette, saved_views, today

urlpatterns = [
    path("palette/", palette.palette, name="palette"),
    path("today/", today.today, name="today"),
    path("customers/", lists.customer_list, name="customer_list"),
    path("customers/filters/", lists.customer_filters, name="customer_filters"),
    path("customers/views/save/", saved_views.view_save, name="view_save"),
    path("customers/views/<str:public_id>/remove/", saved_views.view_remove, name="view_remove"),
    path("customers/bulk/tag/", bulk_actions.bulk_tag, name="bulk_tag"),
    path("customers/bulk/owner/", bulk_actions.bulk_owner, name="bulk_owner"),
    path("customers/bulk/<str:public_id>/undo/", bulk_actions.bulk_undo, name="bulk_undo"),
    path("customers/export/", bulk_actions.customer_export, name="customer_export"),
    path("customers/<str:public_id>/", customer_page.customer, name="customer"),
    path("customers/<str:public_id>/timeline/", customer_page.customer_timeline, name="customer_timeline"),
    path("customers/<str:public_id>/profile/", customer_page.customer_profile, name="customer_profile"),
    path("customers/<str:public_id>/tasks/", customer_page.customer_tasks, name="customer_tasks"),
]
