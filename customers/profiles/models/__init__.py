"""Customers and what is known of them."""

from customers.profiles.models.customer import Customer, CustomerQuerySet
from customers.profiles.models.customer_details import (
    ContactPoint,
    CustomerFact,
    CustomField,
    ExternalId,
    ImportantDate,
)
from customers.profiles.models.task import Task
from customers.profiles.models.timeline import Activity, TimelineEntry

__all__ = [
    "Activity",
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerFact",
    "CustomerQuerySet",
    "ExternalId",
    "ImportantDate",
    "Task",
    "TimelineEntry",
]
