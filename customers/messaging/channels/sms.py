"""SMS: consent and suppression of phone numbers. No gateway carries its messages: they are held."""

from django.db.models import QuerySet

from customers.messaging.channels.registry import ChannelKind, register_channel_kind
from customers.messaging.choices import MessageChannel
from customers.profiles.models import Customer


class SmsChannel(ChannelKind):
    """Text messages to the customer's phone."""

    code = MessageChannel.SMS.value
    label = MessageChannel.SMS.label
    icon = "phone"
    address_field = "phone"

    def canonical_address(self, text: str) -> str:
        """+ and the digits."""
        digits = "".join(character for character in text if character.isdigit())
        return f"+{digits}" if digits else ""

    def customers_with_address(self, canonical: str) -> QuerySet[Customer]:
        """By the phone number, which is stored in this form."""
        return Customer.objects.filter(phone=canonical)


register_channel_kind(SmsChannel())
