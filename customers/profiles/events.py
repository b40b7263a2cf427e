"""What profiles announce."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(DomainEvent, name="customer_created"):
    """New customers; `ids` are customers."""


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(DomainEvent, name="customer_changed"):
    """Customers changed; `ids` are customers, `fields` the changed ones where they are known."""

    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActivityRecorded(DomainEvent, name="activity_recorded"):
    """A behaviour was reported; `ids` are activities."""
