"""The models of every area, for Django."""

from customers.importing.models import Import, ImportRow
from customers.orders.models import CustomerSummary, ExchangeRate, Order, OrderLine, Product, Refund
from customers.profiles.models import (
    Activity,
    ContactPoint,
    CustomField,
    Customer,
    CustomerFact,
    ExternalId,
    ImportantDate,
    Task,
    TimelineEntry,
)

__all__ = [
    "Activity",
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerFact",
    "CustomerSummary",
    "ExchangeRate",
    "ExternalId",
    "Import",
    "ImportRow",
    "ImportantDate",
    "Order",
    "OrderLine",
    "Product",
    "Refund",
    "Task",
    "TimelineEntry",
]
