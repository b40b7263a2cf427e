"""The catalogue, and the coupons of an order."""

from django.urls import path

from loyalty.rewards import views

urlpatterns = [
    path("loyalty/rewards/", views.reward_list, name="reward_list"),
    path("loyalty/rewards/new/", views.reward_new, name="reward_new"),
    path("loyalty/rewards/<str:public_id>/", views.reward_edit, name="reward_edit"),
    path("loyalty/orders/<str:public_id>/coupons/<str:coupon_id>/return/", views.coupon_return, name="coupon_return"),
]
