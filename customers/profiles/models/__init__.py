"""The customer and what is known of him."""

from customers.profiles.models.belongings import ContactPoint, CustomerFact, CustomField, ExternalId, ImportantDate
from customers.profiles.models.customer import Customer, CustomerQuerySet
from customers.profiles.models.history import Activity, Task, TimelineEntry

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
