"""The REST routes of customers."""

from django.urls import path

from customers.messaging import api as messaging
from customers.orders import api as orders
from customers.profiles import api as profiles

urlpatterns = [
    path("customers/", profiles.CustomerList.as_view(), name="api_customers"),
    path("customers/bulk/", profiles.CustomerBulk.as_view(), name="api_customer_bulk"),
    path("customers/<str:customer>/", profiles.CustomerDetail.as_view(), name="api_customer"),
    path("customers/<str:customer>/consents/", messaging.CustomerConsents.as_view(), name="api_customer_consents"),
    path("consents/", messaging.ConsentList.as_view(), name="api_consents"),
    path("consents/bulk/", messaging.ConsentBulk.as_view(), name="api_consent_bulk"),
    path("events/", profiles.ActivityList.as_view(), name="api_events"),
    path("orders/", orders.OrderList.as_view(), name="api_orders"),
    path("orders/bulk/", orders.OrderBulk.as_view(), name="api_order_bulk"),
    path("orders/<str:order>/", orders.OrderDetail.as_view(), name="api_order"),
    path("orders/<str:order>/cancel/", orders.OrderCancel.as_view(), name="api_order_cancel"),
    path("orders/<str:order>/refunds/", orders.OrderRefunds.as_view(), name="api_order_refunds"),
]
