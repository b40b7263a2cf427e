"""What the door remembers."""

from customers.messaging.models.consent import Consent, ConsentEntry, PreferenceToken, Suppression
from customers.messaging.models.outbound import DailySlot, OutboundMessage, Relay
from customers.messaging.models.template import MessageTemplate

__all__ = [
    "Consent",
    "ConsentEntry",
    "DailySlot",
    "MessageTemplate",
    "OutboundMessage",
    "PreferenceToken",
    "Relay",
    "Suppression",
]
