"""Addresses of orders and products."""

from django.urls import path

from customers.orders import views

urlpatterns = [
    path("orders/", views.order_list, name="order_list"),
    path("orders/<str:public_id>/", views.order, name="order"),
    path("orders/<str:public_id>/refund/", views.order_refund, name="order_refund"),
    path("orders/<str:public_id>/cancel/", views.order_cancel, name="order_cancel"),
    path("rates/", views.rate_list, name="rate_list"),
    path("products/", views.product_list, name="product_list"),
    path("products/<str:public_id>/", views.product, name="product"),
]
