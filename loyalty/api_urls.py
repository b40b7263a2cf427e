"""The REST routes of loyalty."""

from django.urls import path

from loyalty.points import api as points
from loyalty.rewards import api as rewards

urlpatterns = [
    path("points/<str:customer>/", points.PointsBalanceView.as_view(), name="points"),
    path("points/<str:customer>/quote/", rewards.PointsQuoteView.as_view(), name="points_quote"),
    path("points/<str:customer>/redeem/", rewards.PointsRedeemView.as_view(), name="points_redeem"),
    path("coupons/check/", rewards.CouponCheckView.as_view(), name="coupon_check"),
    path("coupons/use/", rewards.CouponUseView.as_view(), name="coupon_use"),
    path("coupons/return/", rewards.CouponReturnView.as_view(), name="coupon_return"),
]
