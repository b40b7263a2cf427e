"""The customer and what is known of him."""

from customers.profiles.models.customer import Customer, CustomerQuerySet
from customers.profiles.models.customer_details import (
    ContactPoint,
    CustomerFact,
    CustomField,
    ExternalId,
    ImportantDate,
)
from customers.profiles.models.timeline import Activity, Task, TimelineEntry

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
