"""Tickets as the API reads and writes them."""

from rest_framework import serializers

from crm.kernel.api.serializers import StrictSerializer
from crm.kernel.ui.languages import LANGUAGE_CODES
from customers.profiles.contact_fields import EmailAddressIn
from feedback.tickets.choices import TicketChannel, TicketPriority
from feedback.tickets.models import Message, Ticket
from feedback.tickets.ticket_messages import LONGEST_BODY

EXTERNAL_CHANNEL_CHOICES = [
    (channel.value, channel.label)
    for channel in (
        TicketChannel.API,
        TicketChannel.EMAIL,
        TicketChannel.CHAT,
        TicketChannel.FORM,
        TicketChannel.PORTAL,
    )
]


class TicketIn(StrictSerializer):
    """A request: of a customer, or of somebody with an e-mail address."""

    customer = serializers.CharField(
        max_length=200, required=False, help_text="A public id, or `external:source:value`."
    )
    contact_name = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")
    contact_email = EmailAddressIn(max_length=254, required=False, allow_blank=True, default="")
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=LONGEST_BODY)
    channel = serializers.ChoiceField(choices=EXTERNAL_CHANNEL_CHOICES, default=TicketChannel.API.value)
    language = serializers.RegexField(
        rf"^({'|'.join(LANGUAGE_CODES)})$", required=False, help_text="en, zh-hans or zh-hant."
    )
    priority = serializers.ChoiceField(choices=TicketPriority.choices, default=TicketPriority.NORMAL.value)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False, default=list
    )


class TicketMessageIn(StrictSerializer):
    """A message of the customer; the same `message_id` is stored once per ticket and channel."""

    body = serializers.CharField(max_length=LONGEST_BODY)
    channel = serializers.ChoiceField(choices=EXTERNAL_CHANNEL_CHOICES, default=TicketChannel.API.value)
    message_id = serializers.CharField(max_length=250, required=False, allow_blank=True, default="")


class TicketMessageOut(serializers.ModelSerializer[Message]):
    id = serializers.CharField(source="public_id")
    ticket = serializers.CharField(source="ticket.public_id")

    class Meta:
        model = Message
        fields = ("id", "ticket", "kind", "channel", "author", "body", "at", "message_id")
        read_only_fields = fields


class TicketOut(serializers.ModelSerializer[Ticket]):
    id = serializers.CharField(source="public_id")
    customer = serializers.CharField(source="customer.public_id", allow_null=True, default=None)
    assignee = serializers.CharField(source="assignee.public_id", allow_null=True, default=None)
    language = serializers.CharField()

    class Meta:
        model = Ticket
        fields = (
            "id",
            "number",
            "customer",
            "contact_name",
            "contact_email",
            "subject",
            "state",
            "priority",
            "assignee",
            "channel",
            "language",
            "tags",
            "opened_at",
            "last_message_at",
            "waiting_since",
            "first_replied_at",
            "solved_at",
            "closed_at",
        )
        read_only_fields = fields


class TicketDetailOut(TicketOut):
    """A ticket with all its messages, notes included."""

    messages = TicketMessageOut(many=True)

    class Meta(TicketOut.Meta):
        fields = (*TicketOut.Meta.fields, "messages")
        read_only_fields = fields
