"""URLs of messaging: staff pages, the mailbox, customers' own links."""

from django.urls import path

from customers.messaging import portal, views
from customers.messaging.content import views as templates
from customers.messaging.mailbox import views as mailbox
from customers.messaging.signup import portal as signup

urlpatterns = [
    path("messages/", views.outbox, name="outbox"),
    path("messages/suppressed/", views.suppression_list, name="suppression_list"),
    path("messages/suppressed/add/", views.suppression_add, name="suppression_add"),
    path("messages/suppressed/<int:pk>/lift/", views.suppression_lift, name="suppression_lift"),
    path("messages/templates/", templates.message_template_list, name="message_template_list"),
    path("messages/templates/new/", templates.message_template_new, name="message_template_new"),
    path("messages/templates/<str:key>/", templates.message_template, name="message_template"),
    path("messages/templates/<str:key>/save/", templates.message_template_save, name="message_template_save"),
    path("messages/templates/<str:key>/preview/", templates.message_template_preview, name="message_template_preview"),
    path("messages/templates/<str:key>/test/", templates.message_template_test, name="message_template_test"),
    path("messages/<str:public_id>/", views.message, name="message"),
    path("messages/<str:public_id>/html/", views.message_html, name="message_html"),
    path("messages/<str:public_id>/settle/", views.message_settle, name="message_settle"),
    path("messages/<str:public_id>/recall/", views.message_recall, name="message_recall"),
    path("customers/<str:public_id>/mail/", views.message_new, name="message_new"),
    path("customers/<str:public_id>/consent/", views.consent_change, name="consent_change"),
    path("u/<str:token>/", portal.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", portal.preferences, name="preferences"),
    path("sign-up/", signup.sign_up, name="sign_up"),
    path("sign-up/<str:signed>/", signup.sign_up_confirm, name="sign_up_confirm"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mailbox_message, name="mailbox_message"),
    path("mailbox/<str:name>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
