"""Addresses of the door: staff pages, the mailbox, customers' own links."""

from django.urls import path

from customers.messaging import portal
from customers.messaging.mailbox import views as mailbox

urlpatterns = [
    path("u/<str:token>/", portal.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", portal.preferences, name="preferences"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox_message"),
    path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
