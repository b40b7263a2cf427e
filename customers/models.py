"""The models of every area, for Django."""

from customers.importing.models import Import, ImportRow
from customers.messaging.models import (
    Consent,
    ConsentEntry,
    DailySlot,
    MessageTemplate,
    OutboundMessage,
    PreferenceToken,
    Relay,
    Suppression,
)
from customers.orders.models import CustomerSummary, ExchangeRate, Order, OrderLine, Product, Refund, RefundLine
from customers.profiles.models import (
    Activity,
    ContactPoint,
    Customer,
    CustomerFact,
    CustomField,
    ExternalId,
    ImportantDate,
    Task,
    TimelineEntry,
)

__all__ = [
    "Activity",
    "Consent",
    "ConsentEntry",
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerFact",
    "CustomerSummary",
    "DailySlot",
    "ExchangeRate",
    "ExternalId",
    "Import",
    "ImportRow",
    "ImportantDate",
    "MessageTemplate",
    "Order",
    "OrderLine",
    "OutboundMessage",
    "PreferenceToken",
    "Product",
    "Refund",
    "RefundLine",
    "Relay",
    "Suppression",
    "Task",
    "TimelineEntry",
]
