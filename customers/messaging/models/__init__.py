"""Models of messaging: consent, suppression, templates and the outbox."""

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
