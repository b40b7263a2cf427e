"""The member's own page, the overview and the members."""

from django.urls import path

from loyalty.account import portal, views

urlpatterns = [
    path("m/<str:signed>/", portal.my_points, name="my_points"),
    path("m/<str:signed>/redeem/", portal.my_redeem, name="my_redeem"),
    path("loyalty/", views.overview, name="overview"),
    path("loyalty/liability.csv", views.liability_csv, name="liability_csv"),
    path("loyalty/members/", views.member_list, name="member_list"),
    path("loyalty/members/<str:public_id>/", views.member, name="member"),
    path("loyalty/members/<str:public_id>/adjust/", views.member_adjust, name="member_adjust"),
    path("loyalty/members/<str:public_id>/undo/", views.member_undo, name="member_undo"),
    path("loyalty/members/<str:public_id>/redeem/", views.member_redeem, name="member_redeem"),
    path(
        "loyalty/members/<str:public_id>/redemptions/<str:redemption_id>/cancel/",
        views.redemption_cancel,
        name="redemption_cancel",
    ),
    path("loyalty/members/<str:public_id>/link/", views.member_link, name="member_link"),
    path("loyalty/members/<str:public_id>/link/send/", views.member_link_send, name="member_link_send"),
]
