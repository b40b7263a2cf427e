"""The REST routes of loyalty."""

from django.urls import path

from loyalty.points import api as points
from loyalty.rewards import api as rewards

urlpatterns = [
    path("points/<str:customer>/", points.Points.as_view(), name="points"),
    path("points/<str:customer>/quote/", rewards.PointsQuote.as_view(), name="points_quote"),
    path("points/<str:customer>/redeem/", rewards.PointsRedeem.as_view(), name="points_redeem"),
    path("coupons/check/", rewards.CouponCheck.as_view(), name="coupon_check"),
    path("coupons/use/", rewards.CouponUse.as_view(), name="coupon_use"),
]
