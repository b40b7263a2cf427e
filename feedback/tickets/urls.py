"""Addresses of tickets."""

from django.urls import path

from feedback.tickets import portal, views

urlpatterns = [
    path("tickets/", views.ticket_list, name="ticket_list"),
    path("tickets/new/", views.ticket_new, name="ticket_new"),
    path("tickets/<str:public_id>/", views.ticket, name="ticket"),
    path("tickets/<str:public_id>/reply/", views.ticket_reply, name="ticket_reply"),
    path("tickets/<str:public_id>/messages/<str:message>/resend/", views.ticket_resend, name="ticket_resend"),
    path("tickets/<str:public_id>/note/", views.ticket_note, name="ticket_note"),
    path("tickets/<str:public_id>/assign/", views.ticket_assign, name="ticket_assign"),
    path("tickets/<str:public_id>/priority/", views.ticket_priority, name="ticket_priority"),
    path("tickets/<str:public_id>/move/", views.ticket_move, name="ticket_move"),
    path("tickets/<str:public_id>/customer/", views.ticket_customer, name="ticket_customer"),
    path("tickets/<str:public_id>/customer/new/", views.ticket_customer_new, name="ticket_customer_new"),
    path("help/", portal.help, name="help"),
    path("help/tickets/<str:signed>/", portal.request, name="request"),
]
